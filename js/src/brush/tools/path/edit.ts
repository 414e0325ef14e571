// Every change to the path in hand is one step of undo, and told in words.
import type { Point } from "../../../paint/geometry";
import type { Path } from "../../../paint/history";
import { toPicture } from "../../../paint/viewport";
import type { Desk } from "../../desk";
import { areaName, pathInWords, placeOf } from "../../words";
import { hold, type InHand } from "./held";
import { type Memory, make } from "./memory";

/** A path keeps within this many CSS pixels of what was drawn. */
const TOLERANCE = 0.75;

export function say(desk: Desk, words: string): void {
  desk.document.said.value = words;
}

export function sayHandle(desk: Desk, handles: Path, index: number): void {
  say(desk, `Point ${index + 1} of ${handles.length}: ${placeOf(handles[index] as Point)} px`);
}

/** As it will be: whole points, no closer to the line than eyes can tell at this zoom, nor than pixels allow. */
export function madeOf(desk: Desk, memory: Memory): Path {
  return make(memory, Math.max(0.5, TOLERANCE / desk.view.peek().scale));
}

/** The memory of a path that goes through these handles now. */
export function through({ memory }: InHand, handles: Path, open: boolean): Memory {
  const { track, even } = memory ?? { track: null, even: false };
  return { handles, track: open ? null : track, drawn: false, even, open };
}

export function put(
  desk: Desk,
  { area }: InHand,
  path: Path | null,
  words = path ? pathInWords(path) : "path deleted",
): void {
  desk.document.change((painting) => painting.setPath(area, path), `${areaName(area)}: ${words}`);
}

/** Gives the path these handles; fewer than two are no path. */
export function reshape(desk: Desk, now: InHand, handles: Path, chosen: number): void {
  const whole = handles.length > 1;
  put(desk, now, whole ? madeOf(desk, through(now, handles, now.growing)) : null);
  hold(desk, { chosen: whole ? chosen : -1, growing: now.growing && whole });
}

/** The place on the photo; what a hand sets lies on it. */
export function onPhoto(desk: Desk, at: Point): Point {
  return within(desk, toPicture(desk.view.peek(), at));
}

export function within(desk: Desk, [x, y]: Point): Point {
  const plane = desk.document.painting.peek()?.plane;
  const along = (value: number, length = 1) => Math.min(length - 1, Math.max(0, value));
  return [along(x, plane?.width), along(y, plane?.height)];
}
