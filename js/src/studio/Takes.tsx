// The films made here, newest first; the one in hand stands below with its state and its picture.
import { clock } from "../task/state";
import type { Take } from "./state";

const WORDS: Record<Take["status"], string> = {
  submitted: "Submitted",
  processing: "Processing",
  succeed: "Done",
  failed: "Failed",
};

interface Props {
  takes: readonly Take[];
  chosen: string;
  onChoose(id: string): void;
}

export function Takes({ takes, chosen, onChoose }: Props) {
  if (takes.length < 2) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div class="kw-takes" role="group" aria-label="Takes">
      {takes.map(({ id, title, status, created, updated }, at) => (
        <button
          key={id}
          type="button"
          class={`kw-take kw-take-${status}`}
          aria-pressed={id === chosen}
          onClick={() => onChoose(id)}
        >
          <span class="kw-take-title">{title}</span>
          <span class="kw-soft kw-small kw-number">
            Take {takes.length - at} · {WORDS[status]}
            {status === "succeed" && ` · ${clock(updated - created)}`}
          </span>
        </button>
      ))}
    </div>
  );
}
