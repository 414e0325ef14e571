// The chosen effect, large, and the photos it takes.
import { useSignal } from "@preact/signals";
import { Button } from "../ui/controls";
import { swap } from "../ui/icons";
import { sendInPieces } from "../ui/pieces";
import { Refused, type Wire } from "../ui/wire";
import type { Numbered } from "./Grid";
import { Slot } from "./Slot";
import type { Sheets } from "./sheets";
import { Thumbnail } from "./Thumbnail";
import type { Photo } from "./table";

interface Props {
  wire: Wire;
  effect: Numbered | undefined;
  photos: readonly [Photo | null, Photo | null];
  sheets: Sheets;
  retired: string;
}

interface SlotState {
  busy: boolean;
  /** What was wrong with the last file. */
  error: string;
}

const IDLE: SlotState = { busy: false, error: "" };

export function Chosen({ wire, effect, photos, sheets, retired }: Props) {
  const states = useSignal<readonly [SlotState, SlotState]>([IDLE, IDLE]);
  const two = effect?.images === 2;
  const names = two ? (["Left photo", "Right photo"] as const) : (["Photo", "Second photo"] as const);

  function tell(slot: 0 | 1, state: SlotState) {
    states.value = slot === 0 ? [state, states.value[1]] : [states.value[0], state];
  }

  async function put(slot: 0 | 1, file: File) {
    tell(slot, { busy: true, error: "" });
    try {
      await sendInPieces(wire, "effects.photo", { slot }, file);
      tell(slot, IDLE);
    } catch (error) {
      tell(slot, { busy: false, error: inWords(error) });
    }
  }

  function paste(event: ClipboardEvent) {
    const file = event.clipboardData?.files[0];
    if (!file) return;
    event.preventDefault();
    event.stopPropagation();
    const place = (event.target as Element).closest<HTMLElement>("[data-slot]")?.dataset.slot;
    const empty = two && photos[0] && !photos[1] ? 1 : 0;
    put(place === undefined ? empty : place === "1" ? 1 : 0, file);
  }

  async function swapPhotos() {
    try {
      await wire.ask("effects.swap");
      states.value = [IDLE, IDLE];
    } catch (error) {
      tell(0, { busy: false, error: inWords(error) });
    }
  }

  const slot = (number: 0 | 1) => (
    <Slot
      key={number}
      wire={wire}
      slot={number}
      name={names[number]}
      photo={photos[number]}
      busy={states.value[number].busy}
      onFile={(file) => put(number, file)}
    />
  );

  return (
    <section class="kw-effects-chosen" aria-label="Chosen effect" onPaste={paste}>
      {effect ? (
        <About effect={effect} sheets={sheets} retired={retired} />
      ) : (
        <p class="kw-soft kw-effects-invite">
          {photos[0] ? "Choose an effect." : "Choose an effect and give it a photo."}
        </p>
      )}
      <div class={two ? "kw-effects-slots kw-effects-pair" : "kw-effects-slots"}>
        {slot(0)}
        {two && slot(1)}
        {two && (
          <Button
            label="Swap left and right"
            icon={swap}
            class="kw-effects-swap"
            disabled={!photos[0] && !photos[1]}
            onClick={swapPhotos}
          />
        )}
      </div>
      {states.value.map(({ error }, number) =>
        error ? (
          <p key={names[number]} class="kw-error kw-effects-error" role="alert">
            {names[number]}: {error}
          </p>
        ) : null,
      )}
    </section>
  );
}

/** The kernel's words without the field's name, which a slot says by its place. */
function inWords(error: unknown): string {
  const problems = error instanceof Refused ? error.problems : [];
  if (problems.length === 0) return (error as Error).message;
  return problems.map(({ message, fix }) => `${message} ${fix}`).join("\n");
}

interface AboutProps {
  effect: Numbered;
  sheets: Sheets;
  retired: string;
}

function About({ effect, sheets, retired }: AboutProps) {
  const { title, category, images, units, listed, scene, icon, index } = effect;
  const facts = [category, images === 2 ? "two photos" : "one photo"];
  if (units !== null) facts.push(`${units} ${units === 1 ? "unit" : "units"}`);
  return (
    <div class="kw-effects-about">
      <div class="kw-effects-stage">
        <Thumbnail sprite={sheets.sprite(index)} icon={icon} />
      </div>
      <div>
        <h3>{title}</h3>
        <p class="kw-soft">{facts.join(" · ")}</p>
        <code class="kw-soft kw-small">{scene}</code>
        {!listed && <p class="kw-effects-note kw-soft kw-small">{retired}</p>}
      </div>
    </div>
  );
}
