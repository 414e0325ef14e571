// Lines through points: how long, how near, and which points could be spared.
import { between, distance, type Point } from "./geometry";

/** How far it is along the line to each of its points. */
export function lengths(points: readonly Point[]): number[] {
  let sum = 0;
  return points.map((point, at) => {
    sum += at > 0 ? distance(points[at - 1] as Point, point) : 0;
    return sum;
  });
}

export function pathLength(points: readonly Point[]): number {
  return lengths(points).at(-1) ?? 0;
}

export interface Place {
  readonly at: Point;
  /** Counted in points: 2.5 is halfway from the third to the fourth. */
  readonly step: number;
  readonly away: number;
}

/** The place on the line that is nearest to a point. */
export function nearest(points: readonly Point[], to: Point): Place {
  let best: Place = { at: points[0] as Point, step: 0, away: Number.POSITIVE_INFINITY };
  for (let leg = 0; leg + 1 < points.length; leg++) {
    const [a, b] = [points[leg] as Point, points[leg + 1] as Point];
    const share = shareAlong(to, a, b);
    const at = between(a, b, share);
    const away = distance(to, at);
    if (away < best.away) best = { at, step: leg + share, away };
  }
  return best;
}

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

export function fromSegment(point: Point, a: Point, b: Point): number {
  return distance(point, between(a, b, shareAlong(point, a, b)));
}

function shareAlong([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const dx = bx - ax;
  const dy = by - ay;
  const square = dx * dx + dy * dy;
  return square === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / square));
}
