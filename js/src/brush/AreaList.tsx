// Six areas and the static one. One is in hand.
import { useId } from "preact/hooks";
import { colourOf, css, inkOn } from "../paint/palette";
import { AREAS, isArea, type Label, STATIC } from "../paint/plane";
import type { Desk } from "./desk";
import { areaName, inPercent } from "./words";

interface AreaListProps {
  desk: Desk;
}

export function AreaList({ desk }: AreaListProps) {
  const group = useId();
  return (
    <div class="kw-brush-areas" role="radiogroup" aria-label="Areas">
      {[...AREAS, STATIC].map((label) => (
        <AreaChip key={label} desk={desk} group={group} label={label as Label} />
      ))}
    </div>
  );
}

interface AreaChipProps extends AreaListProps {
  group: string;
  label: Label;
}

function AreaChip({ desk, group, label }: AreaChipProps) {
  const { document } = desk;
  document.version.value;
  const painting = document.painting.value;
  const share = painting?.share(label) ?? 0;
  const points = isArea(label) ? painting?.paths.get(label)?.length : undefined;
  const facts = [share > 0 ? inPercent(share) : "empty", points ? `path of ${points} points` : ""]
    .filter(Boolean)
    .join(", ");
  const note = `${group}-${label}`;
  const still = label === STATIC;
  return (
    <label class="kw-brush-area" title={`${areaName(label)} (${still ? 0 : label}): ${facts}`}>
      <input
        type="radio"
        name={group}
        aria-label={areaName(label)}
        aria-describedby={note}
        checked={desk.area.value === label}
        onChange={() => desk.take(label)}
      />
      <span
        class={`kw-brush-disc ${still ? "kw-brush-hatch" : ""} ${share > 0 || points ? "" : "kw-brush-bare"}`}
        style={{ "--kw-area": css(colourOf(label)), "--kw-area-ink": css(inkOn(label)) }}
        aria-hidden="true"
      >
        {still ? "" : label}
      </span>
      {still && <span aria-hidden="true">Static</span>}
      <span class="kw-hidden" id={note}>
        {facts}
      </span>
    </label>
  );
}
