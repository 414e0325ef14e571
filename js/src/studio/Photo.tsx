// How a photo comes into the studio: dropped, pasted, chosen, or one of the samples.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { Button, Icon } from "../ui/controls";
import { dropHandlers, FileInput } from "../ui/files";
import { picture } from "../ui/icons";
import { sendInPieces } from "../ui/pieces";
import type { Wire } from "../ui/wire";
import type { Sample } from "./state";

interface Props {
  wire: Wire;
  /** Whether there is a photo. */
  filled: boolean;
  /** Whether something is drawn on it, which a new photo would take away. */
  drawn: boolean;
  children: ComponentChildren;
}

/** The stage of the studio: the drawing on its photo, or an invitation to bring one. */
export function Photo({ wire, filled, drawn, children }: Props) {
  const busy = useSignal(false);
  const trouble = useSignal("");
  const over = useSignal(false);
  const waiting = useSignal<File | null>(null);

  async function send(work: () => Promise<unknown>) {
    busy.value = true;
    trouble.value = "";
    waiting.value = null;
    try {
      await work();
    } catch (error) {
      trouble.value = (error as Error).message;
    }
    busy.value = false;
  }

  const put = (file: File) => send(() => sendInPieces(wire, "studio.photo", {}, file));

  function offer(file: File) {
    if (drawn) waiting.value = file;
    else put(file);
  }

  return (
    <div
      class={`kw-photo ${over.value ? "kw-photo-over" : ""}`}
      {...dropHandlers(over, offer)}
      onPaste={(event) => {
        const file = event.clipboardData?.files[0];
        if (!file) return;
        event.preventDefault();
        event.stopPropagation();
        offer(file);
      }}
    >
      {waiting.value && (
        <div class="kw-photo-note" role="alert">
          <span>A new photo takes the drawing away.</span>
          <Button label="Replace the photo" look="line" onClick={() => waiting.value && put(waiting.value)} />
          <Button
            label="Keep the drawing"
            onClick={() => {
              waiting.value = null;
            }}
          />
        </div>
      )}
      {trouble.value && (
        <p class="kw-photo-note kw-error" role="alert">
          {trouble.value}
        </p>
      )}
      {filled ? children : <Invitation wire={wire} busy={busy.value} onFile={offer} onSample={send} />}
      {filled && (
        <div class="kw-photo-foot kw-small">
          <FileButton label="Another photo" onFile={offer} />
          {busy.value && <span class="kw-soft">Reading the photo</span>}
        </div>
      )}
    </div>
  );
}

interface InvitationProps {
  wire: Wire;
  busy: boolean;
  onFile(file: File): void;
  onSample(work: () => Promise<unknown>): void;
}

function Invitation({ wire, busy, onFile, onSample }: InvitationProps) {
  const samples = useSamples(wire);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a click brings the focus here, and what is pasted goes where it is
    <div class="kw-photo-empty" role="group" aria-label="Photo" tabIndex={0}>
      <span class="kw-photo-mark kw-soft">
        <Icon>{picture}</Icon>
      </span>
      <p>{busy ? "Reading the photo" : "Drop a photo, paste one, or choose a file"}</p>
      <FileButton label="Choose a file" onFile={onFile} />
      {samples.length > 0 && (
        <div class="kw-photo-samples">
          <span class="kw-soft kw-small">or take one of ours</span>
          {samples.map(({ name, title, url }) => (
            <button
              key={name}
              type="button"
              class="kw-photo-sample"
              title={title}
              onClick={() => onSample(() => wire.ask("studio.sample", { name }))}
            >
              <img src={url} alt={title} />
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function FileButton({ label, onFile }: { label: string; onFile(file: File): void }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: FileInput is its control
    <label class="kw-button kw-button-line kw-photo-file">
      <FileInput onFile={onFile} />
      {label}
    </label>
  );
}

interface Shown extends Sample {
  url: string;
}

/** The sample photos as thumbnails; none while they load, and none where there are none. */
function useSamples(wire: Wire): readonly Shown[] {
  const shown = useSignal<readonly Shown[]>([]);
  useEffect(() => {
    let over = false;
    wire.ask<{ samples: Sample[] }>("studio.samples").then(
      ({ body, bytes }) => {
        if (over) return;
        let at = 0;
        shown.value = body.samples.map((sample) => {
          const thumbnail = bytes.slice(at, at + sample.size);
          at += sample.size;
          return { ...sample, url: URL.createObjectURL(new Blob([thumbnail], { type: "image/jpeg" })) };
        });
      },
      () => {},
    );
    return () => {
      over = true;
      for (const { url } of shown.value) URL.revokeObjectURL(url);
    };
  }, [wire]);
  return shown.value;
}
