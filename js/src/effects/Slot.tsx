// A place for one photo: dropped, pasted or chosen. The kernel looks at it and says what is wrong with it.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Icon } from "../ui/controls";
import { dropHandlers, FileInput } from "../ui/files";
import { picture } from "../ui/icons";
import type { Wire } from "../ui/wire";
import type { Photo } from "./table";

interface Props {
  wire: Wire;
  slot: 0 | 1;
  /** "Photo", "Left photo" or "Right photo". */
  name: string;
  photo: Photo | null;
  /** A file is on its way to the kernel. */
  busy: boolean;
  onFile(file: File): void;
}

export function Slot({ wire, slot, name, photo, busy, onFile }: Props) {
  const url = usePreview(wire, slot, photo?.mark);
  const over = useSignal(false);

  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: FileInput is its control
    <label
      data-slot={slot}
      class={`kw-effects-slot ${over.value ? "kw-effects-slot-over" : ""}`}
      {...dropHandlers(over, onFile)}
    >
      <FileInput name={name} onFile={onFile} />
      {url ? (
        <img src={url} alt={name} />
      ) : (
        <span class="kw-effects-slot-empty kw-soft">
          <Icon>{picture}</Icon>
          {name}
          <span class="kw-small">Drop, paste or choose a file</span>
        </span>
      )}
      {busy && <span class="kw-effects-slot-busy kw-small">Sending</span>}
      {url && !busy && (
        <span class="kw-effects-slot-name kw-small">
          {name}
          <span class="kw-effects-slot-replace">, click to replace</span>
        </span>
      )}
    </label>
  );
}

/** A small copy of the slot's photo from the kernel, as a URL that lives as long as it is shown. */
function usePreview(wire: Wire, slot: 0 | 1, mark: string | undefined): string | null {
  const url = useSignal<string | null>(null);
  useEffect(() => {
    if (!mark) {
      url.value = null;
      return;
    }
    let over = false;
    let made = "";
    wire.ask("effects.picture", { slot }).then(
      ({ bytes }) => {
        if (over || bytes.length === 0) return;
        made = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
        url.value = made;
      },
      () => {},
    );
    return () => {
      over = true;
      URL.revokeObjectURL(made);
    };
  }, [wire, slot, mark]);
  return url.value;
}
