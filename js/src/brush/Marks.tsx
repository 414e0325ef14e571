// Paths and area numbers over photo and paint, and what the tool in hand draws there.
import type { Point } from "../paint/geometry";
import { colourOf, css, inkOn } from "../paint/palette";
import { AREAS, type AreaNumber } from "../paint/plane";
import { asSent } from "../paint/resample";
import { toScreen } from "../paint/viewport";
import { Arrow } from "./Arrow";
import type { Desk } from "./desk";
import { toolOf } from "./tools/all";

/** In CSS pixels. */
const DISC = 10;

interface MarksProps {
  desk: Desk;
}

export function Marks({ desk }: MarksProps) {
  const { painting, version } = desk.document;
  version.value;
  const drawing = painting.value;
  if (drawing === null) return null;
  const view = desk.view.value;
  const inHand = desk.area.value;
  const draft = desk.draft.value;
  const { Marks: Own } = toolOf(desk.tool.value);
  const arrow = (area: AreaNumber) => {
    const path = area === inHand && draft ? draft : asSent(drawing.paths.get(area) ?? []);
    const points = path.map((point) => toScreen(view, point));
    return points.length > 0 && <Arrow key={area} area={area} points={points} inHand={area === inHand} />;
  };
  return (
    <svg class="kw-brush-marks" aria-hidden="true">
      {AREAS.filter((area) => area !== inHand).map(arrow)}
      {AREAS.map((area) => {
        const middle = drawing.middle(area);
        return middle && <Disc key={area} area={area} at={toScreen(view, middle)} />;
      })}
      {AREAS.filter((area) => area === inHand).map(arrow)}
      {Own && <Own desk={desk} />}
    </svg>
  );
}

interface DiscProps {
  area: AreaNumber;
  at: Point;
}

function Disc({ area, at: [x, y] }: DiscProps) {
  return (
    <g
      class="kw-brush-number"
      style={{ "--kw-area": css(colourOf(area)), "--kw-area-ink": css(inkOn(area)) }}
      transform={`translate(${x} ${y})`}
    >
      <circle class="kw-brush-rim" r={DISC + 1.75} />
      <circle class="kw-brush-casing" r={DISC + 1} />
      <circle r={DISC} />
      <text dy="0.35em">{area}</text>
    </g>
  );
}
