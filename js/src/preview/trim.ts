// A loose mask drawn in to the thing inside it: the sky around the rocket stays where it is.
import type { Rect } from "../paint/geometry";
import { dilated, eroded } from "./morphology";
import { common, type Picture, whole } from "./picture";
import { smoothFill } from "./pullpush";
import { type Colours, reduced, squaresOf } from "./shrink";

/** Levels of 255 by which photo and filled background may differ where there is nothing but background. */
const ALIKE = 11;
/** If less than this share of a mask is a thing of its own, the mask is what its painter wants moved: a piece of sky. */
const LEAST = 0.03;

/** A small copy of the photo, and where the photo shows the same there as what is around its moving areas. */
export interface Scout {
  /** How many times smaller. */
  readonly factor: number;
  readonly small: Colours;
  readonly alike: Uint8Array;
}

/** Finds out, on a small copy, what is thing and what is background; `moving` is of the photo's size. */
export function* scoutOf(photo: Picture, moving: Uint8Array, factor: number): Generator<void, Scout> {
  const small = reduced(photo, factor);
  yield;
  const hole = squaresOf(moving, photo, factor);
  const behind = smoothFill(small, dilated(hole, small.width)).data;
  yield;
  const alike = new Uint8Array(hole.length);
  for (let cell = 0; cell < hole.length; cell++) {
    if (!hole[cell]) continue;
    const u = (cell % small.width) * factor;
    const v = Math.floor(cell / small.width) * factor;
    const [right, bottom] = [Math.min(photo.width, u + factor), Math.min(photo.height, v + factor)];
    const red = behind[3 * cell] as number;
    const green = behind[3 * cell + 1] as number;
    const blue = behind[3 * cell + 2] as number;
    let apart = 0;
    for (let y = v; y < bottom; y++) {
      for (let at = 4 * (y * photo.width + u); at < 4 * (y * photo.width + right); at += 4) {
        apart += Math.max(
          Math.abs((photo.data[at] as number) - red),
          Math.abs((photo.data[at + 1] as number) - green),
          Math.abs((photo.data[at + 2] as number) - blue),
        );
      }
    }
    alike[cell] = apart < ALIKE * (right - u) * (bottom - v) ? 1 : 0;
  }
  return { factor, small, alike };
}

/** The mask, which lies in `box`, without its margins in which there is nothing but background. */
export function trimmed(mask: Uint8Array, box: Rect, { factor, small, alike }: Scout): Uint8Array {
  // Three more on each side, so that the part's edges mean nothing where the picture goes on.
  const [left, top] = [Math.floor(box.x / factor) - 3, Math.floor(box.y / factor) - 3];
  const right = Math.ceil((box.x + box.width) / factor) + 3;
  const bottom = Math.ceil((box.y + box.height) / factor) + 3;
  const part = common({ x: left, y: top, width: right - left, height: bottom - top }, whole(small)) ?? whole(small);
  const columns = new Int32Array(box.width);
  for (let x = 0; x < box.width; x++) columns[x] = Math.floor((x + box.x) / factor) - part.x;
  const coarse = new Uint8Array(part.width * part.height);
  for (let y = 0, at = 0; y < box.height; y++) {
    const row = (Math.floor((y + box.y) / factor) - part.y) * part.width;
    for (let x = 0; x < box.width; x++) if (mask[at++]) coarse[row + (columns[x] as number)] = 1;
  }
  const empty = new Uint8Array(coarse.length);
  for (let y = 0; y < part.height; y++) {
    const from = (y + part.y) * small.width + part.x;
    empty.set(alike.subarray(from, from + part.width), y * part.width);
  }
  const kept = withoutMargins(coarse, empty, part.width);
  for (let y = 0, at = 0; y < box.height; y++) {
    const row = (Math.floor((y + box.y) / factor) - part.y) * part.width;
    for (let x = 0; x < box.width; x++, at++) if (mask[at]) mask[at] = kept[row + (columns[x] as number)] as number;
  }
  return mask;
}

/** Only margins: what looks like background in the middle of the thing belongs to the thing. */
function withoutMargins(mask: Uint8Array, alike: Uint8Array, width: number): Uint8Array {
  const thing = margins(mask, alike, width);
  for (let at = 0; at < thing.length; at++) thing[at] = mask[at] && !thing[at] ? 1 : 0;
  const smooth = eroded(dilated(dilated(eroded(thing, width), width), width), width);
  // A little of the margin comes along: the matte finds the true edge from outside better than from inside.
  const more = dilated(smooth, width);
  let [all, left] = [0, 0];
  for (let at = 0; at < more.length; at++) {
    more[at] = (more[at] as number) & (mask[at] as number);
    all += mask[at] as number;
    left += more[at] as number;
  }
  return left >= LEAST * all ? more : mask;
}

/** What of the mask can be reached from outside without leaving what is alike. */
function margins(mask: Uint8Array, alike: Uint8Array, width: number): Uint8Array {
  const outer = new Uint8Array(mask.length);
  const queue: number[] = [];
  const enter = (at: number) => {
    if (!mask[at] || !alike[at] || outer[at]) return;
    outer[at] = 1;
    queue.push(at);
  };
  const inner = eroded(mask, width);
  for (let at = 0; at < mask.length; at++) if (mask[at] && !inner[at]) enter(at);
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const x = at % width;
    if (x > 0) enter(at - 1);
    if (x < width - 1) enter(at + 1);
    enter(at - width);
    enter(at + width);
  }
  return outer;
}
