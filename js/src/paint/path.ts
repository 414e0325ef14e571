// A path by hand: many samples become the few points that draw the same line.
import { distance, type Point } from "./geometry";

/** Ramer-Douglas-Peucker: no dropped point was further than `tolerance` from the line that is left. */
export function simplify(points: readonly Point[], tolerance: number): Point[] {
  const keep = new Set([0, points.length - 1]);
  const spans: [number, number][] = [[0, points.length - 1]];
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [first, last] = span;
    let far = tolerance;
    let split = -1;
    for (let at = first + 1; at < last; at++) {
      const away = fromSegment(points[at] as Point, points[first] as Point, points[last] as Point);
      if (away > far) {
        far = away;
        split = at;
      }
    }
    if (split < 0) continue;
    keep.add(split);
    spans.push([first, split], [split, last]);
  }
  return points.filter((_, at) => keep.has(at));
}

export function pathLength(points: readonly Point[]): number {
  let sum = 0;
  for (let at = 1; at < points.length; at++) sum += distance(points[at - 1] as Point, points[at] as Point);
  return sum;
}

function fromSegment([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const dx = bx - ax;
  const dy = by - ay;
  const square = dx * dx + dy * dy;
  const share = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / square));
  return Math.hypot(x - ax - share * dx, y - ay - share * dy);
}
