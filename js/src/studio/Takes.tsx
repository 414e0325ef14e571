// The films of this photo, newest first; the one in hand stands below with its state and its picture.
import { useEffect, useRef } from "preact/hooks";
import { clock, moment } from "../task/state";
import type { Take } from "./state";

const WORDS: Record<Take["status"], string> = {
  submitted: "Submitted",
  processing: "Processing",
  succeed: "Done",
  failed: "Failed",
};

interface Props {
  takes: readonly Take[];
  /** How many were found again, in words. */
  before: string;
  /** Why none could be looked for. */
  trouble: string;
  chosen: string;
  onChoose(id: string): void;
}

export function Takes({ takes, before, trouble, chosen, onChoose }: Props) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const take = row.current?.querySelector<HTMLElement>('[aria-pressed="true"]');
    // Not scrollIntoView, which would move the page as well.
    if (row.current && take)
      row.current.scrollLeft = take.offsetLeft - (row.current.clientWidth - take.offsetWidth) / 2;
  }, [chosen]);

  // A single one that was made just now stands below already.
  const shown = takes.length > 1 || takes.some(({ found }) => found);
  if (!shown && !trouble) return null;
  return (
    <div class="kw-takes">
      {trouble && <p class="kw-warn">{trouble}</p>}
      {before && <p class="kw-soft kw-small">{before}</p>}
      {shown && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
        <div ref={row} class="kw-takes-row" role="group" aria-label="Takes">
          {takes.map((take, at) => (
            <button
              key={take.id}
              type="button"
              class={`kw-take kw-take-${take.status}`}
              aria-pressed={take.id === chosen}
              title={[take.title, take.message].filter(Boolean).join(": ")}
              onClick={() => onChoose(take.id)}
            >
              <span class="kw-take-line">{take.title}</span>
              <span class="kw-take-line kw-soft kw-small kw-number">{told(take, takes.length - at)}</span>
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** "Take 2 · Done · 1:05"; one from before bears its day in the place of a number. */
function told({ status, message, created, updated, found, stuck }: Take, number: number): string {
  const name = found ? moment(created, Date.now()) : `Take ${number}`;
  const rest: Record<Take["status"], string> = {
    submitted: "",
    processing: "",
    succeed: clock(updated - created),
    failed: message,
  };
  return [name, stuck ? "Broken off" : WORDS[status], stuck ? "" : rest[status]].filter(Boolean).join(" · ");
}
