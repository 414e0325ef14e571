// What a press with the path tool takes hold of: a handle, the line, or nothing yet.
import type { Point } from "../../../paint/geometry";
import { nearest } from "../../../paint/path";
import { whole } from "../../../paint/resample";
import { curve, PIECES } from "../../../paint/spline";
import { straight } from "../../../paint/turns";
import type { Desk } from "../../desk";
import type { Gesture, Spot } from "../tool";
import { madeOf, onPhoto, put, reshape, say } from "./edit";
import { draw } from "./freehand";
import { drag } from "./handles";
import { handleAt, hold, type InHand, inHand, without } from "./held";
import { closed } from "./memory";

/** The line is hit within this many CSS pixels. */
const ON_LINE = 6;

export function begin(desk: Desk, first: Spot): Gesture | null {
  const now = inHand(desk);
  if (now === null) return null;
  const { handles, growing, path } = now;
  const at = onPhoto(desk, first.at);
  const hit = handleAt(desk, handles, at);
  if (hit >= 0 && first.alt && handles.length > 1) {
    reshape(desk, now, without(handles, hit), -1);
    return null;
  }
  if (growing) return grow(desk, now, hit, at, first);
  if (hit >= 0) return drag(desk, now, handles, hit, first, false);
  const place = path && nearest(path, at);
  if (place && place.away * desk.view.peek().scale < ON_LINE) return insert(desk, now, place.at, first);
  return draw(desk, now, at, first);
}

/** One more point at the end; on the last it was enough, on the first it comes round. */
function grow(desk: Desk, now: InHand, hit: number, at: Point, first: Spot): Gesture | null {
  const { handles, memory } = now;
  const last = handles.length - 1;
  if (hit === last || (hit === 0 && last > 1)) {
    if (hit < last && memory) put(desk, now, madeOf(desk, closed(memory)));
    hold(desk);
    say(desk, last > 0 ? "Path ended" : "A path needs a start and an end: click for each, or press, drag and let go");
    return null;
  }
  if (hit >= 0) return drag(desk, now, handles, hit, first, false);
  const set = first.shift ? straight(handles[last] as Point, at) : at;
  return drag(desk, now, [...handles, whole(set)], last + 1, first, true);
}

/** A point on the line is a handle as soon as one takes hold of it. */
function insert(desk: Desk, now: InHand, at: Point, first: Spot): Gesture {
  const { handles } = now;
  const leg = Math.min(handles.length - 2, Math.floor(nearest(curve(handles), at).step / PIECES));
  return drag(desk, now, [...handles.slice(0, leg + 1), whole(at), ...handles.slice(leg + 1)], leg + 1, first, true);
}
