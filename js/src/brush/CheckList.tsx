// Under the picture, in a place kept for it: what the drawing still lacks, with the click that mends it.
import { useComputed, useSignal } from "@preact/signals";
import { Link } from "../ui/controls";
import type { Check, Mend } from "./checks";
import type { Desk } from "./desk";
import { kit } from "./more";
import { areaName } from "./words";

/** Lines that are always kept free, so that nothing below jumps. */
const LINES = 2;

interface CheckListProps {
  desk: Desk;
  /** What the surface around knows of, such as a model without a brush. */
  extra: readonly Check[];
}

export function CheckList({ desk, extra }: CheckListProps) {
  const all = useSignal(false);
  const { document } = desk;
  const own = useComputed(() => {
    document.version.value;
    const painting = document.painting.value;
    // They come with the second bundle, when the picture is there.
    return painting && kit.value ? kit.value.checksOf(kit.value.factsOf(painting), mendOn(desk)) : [];
  });
  const checks = [...extra, ...own.value];
  const rest = checks.length - LINES;
  const shown = all.value ? checks : checks.slice(0, LINES);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings a form's layout
    <div class="kw-brush-checks" role="group" aria-label="Checks" aria-live="polite">
      {shown.map(({ level, words, fix }, at) => (
        <p key={words} class={`kw-brush-check kw-brush-${level}`}>
          {words}
          {fix && (
            <Link
              label={fix.label}
              onClick={(event) => {
                // The line goes, and the focus must not go with it.
                event.currentTarget.closest(".kw-brush")?.querySelector<HTMLElement>("[role=application]")?.focus();
                fix.run();
              }}
            />
          )}
          {rest > 0 && at === shown.length - 1 && (
            <Link
              label={all.value ? "Fewer" : `and ${rest} more`}
              onClick={() => {
                all.value = !all.value;
              }}
            />
          )}
        </p>
      ))}
    </div>
  );
}

function mendOn(desk: Desk): Mend {
  return {
    take(area, tool) {
      desk.take(area);
      desk.choose(tool);
    },
    setPath: (area, path, words) =>
      desk.document.change((painting) => painting.setPath(area, path), `${areaName(area)}: ${words}`),
    clear: (area) => desk.document.clear([area]),
  };
}
