// From a line and its clock to a path: points equally spaced in time. A clock says for each point of a line when one is there,
// in any unit; with the lengths along the line for a clock the pace is even.
import { between, distance, type Point } from "./geometry";
import type { Path } from "./history";
import { fromSegment, lengths } from "./path";

/** The API takes no more. */
export const MOST = 77;
/** A path may be this many times further from where one was at the time than from the line itself: eyes see lines better. */
const LATE = 4;

/** Where one is at each of these times, which must not fall. A line has two points at least. */
export function placesAt(points: readonly Point[], clock: readonly number[], times: readonly number[]): Point[] {
  let at = 0;
  return times.map((time) => {
    while (at < points.length - 2 && (clock[at + 1] as number) < time) at++;
    const from = clock[at] as number;
    const span = (clock[at + 1] as number) - from;
    return between(points[at] as Point, points[at + 1] as Point, span > 0 ? (time - from) / span : 0);
  });
}

/** `count` places at equal steps of the clock, both ends among them. */
export function spread(points: readonly Point[], clock: readonly number[], count: number): Point[] {
  const first = clock[0] as number;
  const span = (clock[clock.length - 1] as number) - first;
  const times = Array.from({ length: count }, (_, step) => first + (span * step) / (count - 1));
  return placesAt(points, clock, times);
}

/** The clock of points that are equally spaced in time. */
export function steps(points: readonly Point[]): number[] {
  return points.map((_, at) => at);
}

/** A path as it goes on the wire, where too many points are spaced evenly along its length: see drawing.py. */
export function asSent(path: Path, most = MOST, clock = lengths): Path {
  return path.length > most ? spread(path, clock(path), most) : path;
}

/**
 * The fewest whole points within `tolerance` of the line, or where even 77 are not enough so many. Two neighbours may only be the
 * same where `rests` are meant.
 */
export function fewest(points: readonly Point[], clock: readonly number[], tolerance: number, rests: boolean): Path {
  let path: Path = [whole(points[0] as Point), whole(points[points.length - 1] as Point)];
  for (let count = 2; count <= MOST; count++) {
    const few = spread(points, clock, count);
    const next = few.map(whole);
    if (!rests && next.some((point, at) => at > 0 && same(point, next[at - 1] as Point))) continue;
    path = next;
    if (holds(points, clock, few, tolerance)) break;
  }
  return path;
}

/** Whether a path of `few` keeps within `tolerance` of the line, and nearly of where one was at the time. */
function holds(points: readonly Point[], clock: readonly number[], few: readonly Point[], tolerance: number): boolean {
  const first = clock[0] as number;
  const span = (clock[clock.length - 1] as number) - first || 1;
  const legs = few.length - 1;
  return points.every((point, at) => {
    const where = (((clock[at] as number) - first) / span) * legs;
    const leg = Math.min(legs - 1, Math.floor(where));
    const [a, b] = [few[leg] as Point, few[leg + 1] as Point];
    return fromSegment(point, a, b) <= tolerance && distance(point, between(a, b, where - leg)) <= LATE * tolerance;
  });
}

/** The clock by which `line` is gone along at the pace of `track`, whose points are equally spaced in time. */
export function paceOf(track: Path, line: readonly Point[]): number[] {
  if (line === track) return steps(track);
  const [way, gone] = [lengths(track), lengths(line)];
  const stretch = (way[way.length - 1] as number) / (gone[gone.length - 1] || 1);
  const clock = placesAt(
    track.map((_, at) => [at, 0]),
    way,
    gone.map((length) => length * stretch),
  ).map(([time]) => time);
  // A rest at the end is no part of any length.
  clock[clock.length - 1] = track.length - 1;
  return clock;
}

export function whole([x, y]: Point): Point {
  return [Math.round(x), Math.round(y)];
}

export function same([ax, ay]: Point, [bx, by]: Point): boolean {
  return ax === bx && ay === by;
}
