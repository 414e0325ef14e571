// Under the tools while the path tool is in hand: the speed, and what can be done to a path as a whole.
import type { ComponentChildren } from "preact";
import type { Point } from "../../../paint/geometry";
import type { Path } from "../../../paint/history";
import { AREAS, type AreaNumber } from "../../../paint/plane";
import { isLoop } from "../../../paint/spline";
import { backwards, mirror, shift } from "../../../paint/turns";
import { Button } from "../../../ui/controls";
import { closePath, mirrorAcross, mirrorDown, remove, swap } from "../../../ui/icons";
import type { Desk } from "../../desk";
import { areaName } from "../../words";
import type { DeskProps } from "../tool";
import { madeOf, put } from "./edit";
import { evenly, type InHand, inHand } from "./held";
import { closed, type Memory, turned } from "./memory";

export function PathOptions({ desk }: DeskProps) {
  const now = inHand(desk);
  if (now === null) return null;
  return (
    <div class="kw-brush-set">
      <Speed desk={desk} now={now} />
      <Turns desk={desk} now={now} />
      <Copy desk={desk} now={now} />
    </div>
  );
}

type Make = (path: Path, memory: Memory) => Path | null;

interface PartProps extends DeskProps {
  now: InHand;
}

/** Of the path in hand, where it was drawn, and of the next. */
function Speed({ desk, now }: PartProps) {
  const next = evenly(desk);
  const { memory } = now;
  const shown = memory?.track ? memory.even : next.value;
  const choose = (even: boolean) => {
    next.value = even;
    if (!memory?.track || memory.even === even) return;
    put(desk, now, madeOf(desk, { ...memory, even }), even ? "even speed" : "speed as drawn");
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings a form's layout
    <div class="kw-brush-switch" role="group" aria-label="Speed">
      <Button
        label="As drawn"
        title="The area goes as fast and as slowly as the hand did"
        pressed={!shown}
        onClick={() => choose(false)}
      />
      <Button
        label="Even speed"
        title="The area goes equally fast all the way"
        pressed={shown}
        onClick={() => choose(true)}
      />
    </div>
  );
}

function Turns({ desk, now }: PartProps) {
  const { path, memory } = now;
  const button = (label: string, icon: ComponentChildren, words: string, make: Make, idle = false) => (
    <Button
      label={label}
      icon={icon}
      disabled={!memory || idle}
      onClick={() => path && memory && put(desk, now, make(path, memory), words)}
    />
  );
  const flipped = (upright: boolean) => (path: Path) => turned(path, mirror(path[0] as Point, upright));
  return (
    <>
      {button("Reverse path", swap, "path reversed", (path) => turned(path, backwards))}
      {button("Close path", closePath, "path closed", (_, it) => madeOf(desk, closed(it)), isLoop(now.handles))}
      {button("Mirror path left to right", mirrorAcross, "path mirrored", flipped(false))}
      {button("Mirror path top to bottom", mirrorDown, "path mirrored", flipped(true))}
      {button("Delete path", remove, "path deleted", () => null)}
    </>
  );
}

function Copy({ desk, now: { area, path } }: PartProps) {
  return (
    <select
      class="kw-field"
      aria-label="Copy path to another area"
      title="Copy path to another area"
      disabled={!path}
      value=""
      onChange={({ currentTarget }) => {
        if (path) copy(desk, path, Number(currentTarget.value) as AreaNumber);
        currentTarget.value = "";
      }}
    >
      <option value="" hidden>
        Copy to
      </option>
      {AREAS.filter((other) => other !== area).map((other) => (
        <option key={other} value={other}>
          {areaName(other)}
        </option>
      ))}
    </select>
  );
}

/** In the middle of that area, or where it was if nothing is painted there yet. */
function copy(desk: Desk, path: Path, area: AreaNumber): void {
  const [sx, sy] = path[0] ?? [0, 0];
  desk.document.change(
    (painting) => {
      const [x, y] = painting.middle(area) ?? [sx, sy];
      painting.setPath(area, turned(path, shift(Math.floor(x) - sx, Math.floor(y) - sy)));
    },
    `Path copied to ${areaName(area)}`,
  );
}
