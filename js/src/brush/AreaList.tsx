// Six areas and the static one. One is in hand.
import { useId } from "preact/hooks";
import { AREAS, isArea, type Label, STATIC } from "../paint/plane";
import { AreaDisc } from "./AreaDisc";
import { AreaMenu } from "./AreaMenu";
import type { Desk } from "./desk";
import { areaName, inPercent, pathInWords } from "./words";

interface AreaListProps {
  desk: Desk;
}

export function AreaList({ desk }: AreaListProps) {
  const group = useId();
  return (
    <div class="kw-brush-set">
      <div class="kw-brush-areas" role="radiogroup" aria-label="Areas">
        {[...AREAS, STATIC].map((label) => (
          <AreaChip key={label} desk={desk} group={group} label={label as Label} />
        ))}
      </div>
      <AreaMenu desk={desk} />
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
  const path = isArea(label) ? painting?.paths.get(label) : undefined;
  const facts = [share > 0 ? inPercent(share) : "empty", path && pathInWords(path)].filter(Boolean).join(", ");
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
      <AreaDisc label={label} bare={share === 0 && !path} />
      {still && <span aria-hidden="true">Static</span>}
      <span class="kw-hidden" id={note}>
        {facts}
      </span>
    </label>
  );
}
