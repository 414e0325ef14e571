// Paths and area numbers over photo and paint. A white casing and a dark rim let a colour show on any photo.
import type { Point } from "../paint/geometry";
import { colourOf, css, inkOn } from "../paint/palette";
import { AREAS, type AreaNumber } from "../paint/plane";
import { toScreen } from "../paint/viewport";
import type { Desk } from "./desk";
import { toolOf } from "./tools/all";

/** In CSS pixels. */
const DISC = 10;
const HEAD = 13;

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
  const middles = AREAS.map((area) => ({ area, middle: drawing.middle(area) }));
  return (
    <svg class="kw-brush-marks" aria-hidden="true">
      {AREAS.map((area) => {
        const path = area === inHand && draft ? draft : drawing.paths.get(area);
        if (!path) return null;
        const points = path.map((point) => toScreen(view, point));
        return <Arrow key={area} area={area} points={points} dotted={area === inHand && !draft} />;
      })}
      {Own && <Own desk={desk} />}
      {middles.map(({ area, middle }) => middle && <Disc key={area} area={area} at={toScreen(view, middle)} />)}
    </svg>
  );
}

interface ArrowProps {
  area: AreaNumber;
  points: readonly Point[];
  /** Whether the points themselves show; they would clutter a path that is not in hand. */
  dotted: boolean;
}

function Arrow({ area, points, dotted }: ArrowProps) {
  const [first, last] = [points[0], points[points.length - 1]];
  if (!first || !last) return null;
  const [dx, dy] = heading(points);
  // The line ends inside the arrow's head, or its round cap would blunt the tip.
  const neck: Point = [last[0] - dx * HEAD * 0.6, last[1] - dy * HEAD * 0.6];
  const line = `M${[...points.slice(0, -1), neck].map(pair).join("L")}`;
  const head = `M${[last, corner(last, dx, dy, -1), corner(last, dx, dy, 1)].map(pair).join("L")}Z`;
  const layers = [
    ["kw-brush-rim", 2.5],
    ["kw-brush-casing", 1.25],
    ["", 0],
  ] as const;
  return (
    <g style={{ "--kw-area": css(colourOf(area)) }}>
      {layers.map(([look, extra]) => (
        <g key={look} class={`kw-brush-arrow ${look}`}>
          <path d={line} fill="none" stroke-width={2.5 + 2 * extra} />
          {points.length > 1 && <path d={head} stroke-width={2 * extra} />}
          <circle cx={first[0]} cy={first[1]} r={4.5} stroke-width={2 * extra} />
        </g>
      ))}
      {dotted &&
        points.slice(1, -1).map(([x, y], at) => <circle key={at} class="kw-brush-point" cx={x} cy={y} r={1.75} />)}
    </g>
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

/** Where a path points at its end: the last stretch long enough not to be a tremble of the hand. */
function heading(points: readonly Point[]): Point {
  const [x, y] = points[points.length - 1] as Point;
  for (let at = points.length - 2; at >= 0; at--) {
    const [px, py] = points[at] as Point;
    const length = Math.hypot(x - px, y - py);
    if (length >= HEAD * 0.75 || (at === 0 && length > 0)) return [(x - px) / length, (y - py) / length];
  }
  return [1, 0];
}

function corner([x, y]: Point, dx: number, dy: number, side: number): Point {
  return [x - dx * HEAD - side * dy * HEAD * 0.5, y - dy * HEAD + side * dx * HEAD * 0.5];
}

function pair([x, y]: Point): string {
  return `${x.toFixed(2)} ${y.toFixed(2)}`;
}
