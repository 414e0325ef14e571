// The shape of a path on the screen: its head, and chevrons along it that say which way it goes. In CSS pixels.
import type { Point } from "./geometry";
import { lengths, pathLength } from "./path";
import { placesAt, spread, steps } from "./resample";

export const HEAD = 13;
/** From chevron to chevron. */
const APART = 56;
/** How far a chevron's arms go back, and to each side. */
const ARM = 4.5;
/** The film's tenths. */
const TENTHS = 10;

/** Three corners, the tip first. */
export function headOf(points: readonly Point[]): [Point, Point, Point] {
  const last = points[points.length - 1] as Point;
  const [dx, dy] = heading(points);
  return [last, corner(last, dx, dy, HEAD, HEAD / 2), corner(last, dx, dy, HEAD, -HEAD / 2)];
}

/** Each three corners, the tip in the middle; none under the head or on the start. */
export function chevrons(points: readonly Point[]): [Point, Point, Point][] {
  const way = lengths(points);
  const room = pathLength(points) - HEAD - ARM;
  const tips = Array.from({ length: Math.max(0, Math.floor(room / APART)) }, (_, at) => (at + 1) * APART);
  const [tip, before, after] = [0, -2, 2].map((by) =>
    placesAt(
      points,
      way,
      tips.map((far) => far + by),
    ),
  ) as [Point[], Point[], Point[]];
  return tip.map((at, which) => {
    const [ax, ay] = before[which] as Point;
    const [bx, by] = after[which] as Point;
    const far = Math.hypot(bx - ax, by - ay) || 1;
    const [dx, dy] = [(bx - ax) / far, (by - ay) / far];
    return [corner(at, dx, dy, ARM, ARM), at, corner(at, dx, dy, ARM, -ARM)];
  });
}

/** Where one is at each tenth of the film, without start and end. Close together is slow. */
export function beats(points: readonly Point[]): Point[] {
  return spread(points, steps(points), TENTHS + 1).slice(1, -1);
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

function corner([x, y]: Point, dx: number, dy: number, back: number, aside: number): Point {
  return [x - dx * back - dy * aside, y - dy * back + dx * aside];
}
