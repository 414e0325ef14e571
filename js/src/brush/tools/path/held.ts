// What a view has in hand of a path: the handle that was chosen, and whether clicks go on setting points.
import { signal as state } from "@preact/signals";
import { distance, type Point } from "../../../paint/geometry";
import type { Path } from "../../../paint/history";
import { type AreaNumber, isArea, type Label, NONE } from "../../../paint/plane";
import { same } from "../../../paint/resample";
import { isLoop } from "../../../paint/spline";
import type { Desk } from "../../desk";
import { perDesk } from "../tool";
import { type Memory, memoryOf } from "./memory";

/** A handle is hit within this many CSS pixels. */
const HIT = 11;

interface Held {
  readonly area: Label;
  /** Which handle, -1 for none. */
  readonly chosen: number;
  readonly growing: boolean;
  /** While one moves, and a first point alone; otherwise the path's own. */
  readonly handles: Path | null;
}

const NOTHING: Held = { area: NONE, chosen: -1, growing: false, handles: null };

const held = perDesk(() => state(NOTHING));
/** Whether what is drawn next goes at an even speed. */
export const evenly = perDesk(() => state(false));

export interface InHand {
  readonly area: AreaNumber;
  readonly path: Path | undefined;
  readonly memory: Memory | null;
  readonly handles: Path;
  readonly chosen: number;
  readonly growing: boolean;
}

/** The path of the area in hand; null for the static area and without a photo. */
export function inHand(desk: Desk): InHand | null {
  desk.document.version.value;
  const area = desk.area.value;
  const painting = desk.document.painting.value;
  if (painting === null || !isArea(area)) return null;
  const path = painting.paths.get(area);
  const memory = path && path.length > 1 ? memoryOf(path) : null;
  const now = held(desk).value.area === area ? held(desk).value : NOTHING;
  const handles = now.handles ?? memory?.handles ?? [];
  // An undo may have gone back before its first two points.
  const growing = now.growing && (now.handles !== null || memory?.open === true);
  const chosen = growing ? handles.length - 1 : now.chosen < handles.length ? now.chosen : -1;
  return { area, path, memory, handles, chosen, growing };
}

/** With nothing said, lets go of everything. */
export function hold(desk: Desk, now: Partial<Held> = {}): void {
  held(desk).value = { ...NOTHING, area: desk.area.peek(), ...now };
}

/** The handle at a point of the photo; -1 where there is none. */
export function handleAt(desk: Desk, handles: Path, at: Point): number {
  const away = handles.map((handle) => distance(handle, at));
  return away.indexOf(Math.min(HIT / desk.view.value.scale, ...away));
}

/** The handles with one elsewhere; of a loop, start and end are one. */
export function placed(handles: Path, index: number, at: Point): Path {
  const both = isLoop(handles) && same(handles[0] as Point, handles[index] as Point);
  return handles.map((handle, which) => (which === index || (both && same(handles[0] as Point, handle)) ? at : handle));
}

/** Without one of them; a loop stays one. */
export function without(handles: Path, index: number): Path {
  const rest = handles.filter((_, which) => which !== index);
  return isLoop(handles) && index === 0 ? placed(rest, rest.length - 1, rest[0] as Point) : rest;
}
