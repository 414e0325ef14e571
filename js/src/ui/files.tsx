// How a file comes in by hand: dropped on a place, or chosen with the system's dialog.
import type { Signal } from "@preact/signals";

/** What a place needs so that a file may be dropped on it; `over` is true while one hovers. */
export function dropHandlers(over: Signal<boolean>, onFile: (file: File) => void) {
  return {
    onDragOver(event: DragEvent) {
      event.preventDefault();
      over.value = true;
    },
    onDragLeave() {
      over.value = false;
    },
    onDrop(event: DragEvent) {
      event.preventDefault();
      // Lab would open it, too.
      event.stopPropagation();
      over.value = false;
      const file = event.dataTransfer?.files[0];
      if (file) onFile(file);
    },
  };
}

interface FileInputProps {
  /** The accessible name, where the label around it does not give one. */
  name?: string;
  onFile(file: File): void;
}

/** The field itself, unseen: the label around it is what one sees and clicks. */
export function FileInput({ name, onFile }: FileInputProps) {
  return (
    <input
      type="file"
      class="kw-hidden"
      accept="image/*"
      aria-label={name}
      onChange={({ currentTarget }) => {
        const file = currentTarget.files?.[0];
        if (file) onFile(file);
        // The same file again is a change too.
        currentTarget.value = "";
      }}
    />
  );
}
