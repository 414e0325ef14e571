// A path by hand: press, drag, let go. A click instead sets the first of many points.
import type { Point } from "../../../paint/geometry";
import { lengths, pathLength } from "../../../paint/path";
import { MOST, spread, whole } from "../../../paint/resample";
import { inTime, type Moment } from "../../../paint/tempo";
import { nearestPixel } from "../../../paint/within";
import type { Desk } from "../../desk";
import type { Gesture, Spot } from "../tool";
import { madeOf, onPhoto, put, say, within } from "./edit";
import { evenly, hold, type InHand } from "./held";

/** Shorter than this (CSS pixels) it was a click. */
const SHORTEST = 6;
/** A hand that rests trembles by so much (CSS pixels). */
const TREMBLE = 2;
/** A path that starts this near (CSS pixels) to its area was meant to start in it. */
const NEAR = 24;

/** From `at` on, which is the pointer's place. */
export function draw(desk: Desk, now: InHand, at: Point, first: Spot): Gesture {
  const { scale } = desk.view.peek();
  const start = startOf(desk, now, at);
  const even = evenly(desk).peek();
  const moments: Moment[] = [];
  let straight = false;
  const points = (): Point[] => {
    const all = moments.map((moment) => moment.at);
    return straight ? [start, all.at(-1) as Point] : all;
  };
  const move = (spots: readonly Spot[]) => {
    for (const spot of spots) {
      const [x, y] = onPhoto(desk, spot.at);
      const time = Math.max(spot.time, moments.at(-1)?.time ?? 0);
      moments.push({ at: within(desk, [x + start[0] - at[0], y + start[1] - at[1]]), time });
      straight = spot.shift;
    }
    const line = points();
    desk.draft.value = even ? spread(line, lengths(line), MOST) : line;
  };
  const rest = () => {
    desk.draft.value = null;
  };
  moments.push({ at: start, time: first.time });
  return {
    move,
    end() {
      rest();
      const line = points();
      if (pathLength(line) * scale < SHORTEST) {
        click(desk, now, start);
        return;
      }
      const track = straight ? null : inTime(moments, TREMBLE / scale);
      put(desk, now, madeOf(desk, { handles: straight ? line.map(whole) : [], track, drawn: !straight, even }));
      hold(desk);
    },
    cancel: rest,
  };
}

/** Lets go of a handle in hand; else it is the first point. */
function click(desk: Desk, { chosen }: InHand, start: Point): void {
  if (chosen >= 0) {
    hold(desk);
    return;
  }
  hold(desk, { growing: true, handles: [whole(start)] });
  say(desk, "First point set: click for the next, Enter or a click on the last ends; or press, drag and let go");
}

/** A path starts in its area. Where that is not near it starts where the hand did: only where to counts, and a check says so. */
function startOf(desk: Desk, { area }: InHand, at: Point): Point {
  const plane = desk.document.painting.peek()?.plane;
  if (!plane || plane.at(whole(at)) === area) return at;
  return nearestPixel(plane, area, at, NEAR / desk.view.peek().scale) ?? at;
}
