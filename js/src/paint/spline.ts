// A smooth curve through a few handles: centripetal Catmull-Rom, which makes neither loops nor cusps of its own.
import { distance, type Point } from "./geometry";
import { pathLength, simplify } from "./path";
import { same, whole } from "./resample";

/** Straight pieces a leg from handle to handle. */
export const PIECES = 16;
/** A path that was drawn is edited by at most so many. */
const HANDLES = 12;

/** Whether it ends where it began: then the curve goes on through there without a corner. */
export function isLoop(handles: readonly Point[]): boolean {
  return handles.length > 2 && same(handles[0] as Point, handles[handles.length - 1] as Point);
}

/** Through all handles, `PIECES` points a leg. Through two it is straight. */
export function curve(handles: readonly Point[]): Point[] {
  const last = handles.length - 1;
  const beyond = isLoop(handles) ? [last - 1, 1] : [0, last];
  const handle = (at: number) => (handles[at] ?? handles[beyond[at < 0 ? 0 : 1] as number]) as Point;
  const line = [handle(0)];
  for (let leg = 0; leg < last; leg++)
    line.push(...bow(handle(leg - 1), handle(leg), handle(leg + 1), handle(leg + 2)));
  return line;
}

/** From `b` (left out) to `c`, on the way from `a` to `d`. */
function bow(a: Point, b: Point, c: Point, d: Point): Point[] {
  // Handles may lie on each other: a knot of no length would divide by nothing.
  const [came, goes, leaves] = [
    [a, b],
    [b, c],
    [c, d],
  ].map(([from, to]) => Math.sqrt(distance(from as Point, to as Point)) || 1e-3) as [number, number, number];
  const along = (axis: 0 | 1) => {
    const [p, q, r, s] = [a[axis], b[axis], c[axis], d[axis]];
    const start = r - q + goes * ((q - p) / came - (r - p) / (came + goes));
    const end = r - q + goes * ((s - r) / leaves - (s - q) / (goes + leaves));
    return (t: number) => q + t * (start + t * (3 * (r - q) - 2 * start - end + t * (2 * (q - r) + start + end)));
  };
  const [x, y] = [along(0), along(1)];
  return Array.from({ length: PIECES }, (_, piece) => [x((piece + 1) / PIECES), y((piece + 1) / PIECES)]);
}

/** A few handles, whole pixels, whose curve is much like the path. */
export function handlesFor(path: readonly Point[]): Point[] {
  let tolerance = Math.max(1, pathLength(path) / 400);
  let few = simplify(path, tolerance);
  while (few.length > HANDLES) {
    tolerance *= 1.25;
    few = simplify(path, tolerance);
  }
  return few.map(whole);
}
