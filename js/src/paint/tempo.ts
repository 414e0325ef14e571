// A hand's own tempo: where it was at equal times, from the moment it set off until it came to rest.
import { distance, type Point } from "./geometry";
import { lengths } from "./path";
import { placesAt, spread } from "./resample";

/** Where a hand was, and when in milliseconds. */
export interface Moment {
  readonly at: Point;
  readonly time: number;
}

/** As many as hold every bend a hand makes. */
const PLACES = 609;
/** Events come in bunches; a hand changes its speed no faster than in about this many milliseconds. */
const STEADY = 50;

/** Closely spaced, at equal times. `rest` is how far a hand that rests may tremble. */
export function inTime(moments: readonly Moment[], rest: number): Point[] {
  const moving = trimmed(moments, rest);
  const points = moving.map(({ at }) => at);
  const way = lengths(points);
  const times = moving.map(({ time }) => time - (moving[0] as Moment).time);
  const span = times[times.length - 1] as number;
  let gone = spread(
    way.map((length) => [length, 0]),
    // A machine's hand may do it all in no time.
    span > 0 ? times : way,
    PLACES,
  ).map(([length]) => length);
  const value = (at: number): number => {
    const within = Math.min(PLACES - 1, Math.max(0, at));
    // Turned about the ends, so that the ends stay.
    return 2 * (gone[within] as number) - (gone[2 * within - at] as number);
  };
  // Smoothing how far it has gone, and not the places, leaves the line where it was drawn.
  for (let by = Math.round(PLACES * Math.min(STEADY / span, 1 / 16)); by >= 1; by >>= 1) {
    gone = gone.map((_, at) => (value(at - by) + 2 * value(at) + value(at + by)) / 4);
  }
  return placesAt(points, way, gone);
}

/** Without the time before the hand set off and after it had arrived; the ends stay where they are. */
function trimmed(moments: readonly Moment[], rest: number): Moment[] {
  const [first, last] = [moments[0] as Moment, moments[moments.length - 1] as Moment];
  const off = moments.findIndex(({ at }) => distance(at, first.at) > rest);
  const there = moments.findLastIndex(({ at }) => distance(at, last.at) > rest);
  const moving = moments.slice(Math.max(0, off - 1), there + 2);
  if (moving.length < 2) return [first, last];
  return moving.map(({ at, time }, which) => ({
    at: which === 0 ? first.at : which === moving.length - 1 ? last.at : at,
    time,
  }));
}
