// What of an area is the thing itself, and how softly it ends.
import type { Rect } from "../paint/geometry";
import type { AreaNumber } from "../paint/plane";
import { soften } from "./matte";
import { boxes, common, crop, grown, mirrored, type Picture, whole } from "./picture";
import { type Scout, trimmed } from "./trim";

/** Radius over which a mask's edge may soften, as a share of the picture's shorter side. */
const SOFTNESS = 1 / 45;
/** How far a layer goes on past the picture's edge, mirrored and fading, likewise: moved in, it shows no straight cut. */
const OVERHANG = 1 / 20;
/** Coverage below this does not count as part of the thing. */
const HAZE = 0.02;

export interface Shape {
  readonly area: AreaNumber;
  /** Where the matte lies; it may hang over the photo's edge. Its outermost pixels are empty. */
  readonly place: Rect;
  /** Coverage, 0 to 1. */
  readonly matte: Float32Array;
}

/** The shape of an area whose pixels lie in `box`. */
export function* shapeOf(
  area: AreaNumber,
  box: Rect,
  photo: Picture,
  labels: Uint8Array,
  scout: Scout,
): Generator<void, Shape> {
  const short = Math.min(photo.width, photo.height);
  const radius = Math.max(1, Math.round(SOFTNESS * short));
  const pad = Math.round(OVERHANG * short);
  const thing = trimmed(masked(area, box, photo, labels), box, scout);
  yield;
  const inner = boxes(thing, box.width, 2)[1] ?? whole(box);
  const tight = { ...inner, x: inner.x + box.x, y: inner.y + box.y };
  const place = common(grown(overhanging(tight, photo, pad), 2 * radius + 2), grown(whole(photo), pad)) ?? box;
  const matte = yield* soften(spread(thing, box, place, photo), crop(photo, place), radius);
  return { area, ...close(fade(matte, place, photo, pad), place) };
}

/** A matte without its empty margins, but for one pixel of them: what is drawn at every frame should be small. */
function close(matte: Float32Array, place: Rect): { place: Rect; matte: Float32Array } {
  let [left, right, top, bottom] = [place.width, -1, -1, -1];
  for (let y = 0, at = 0; y < place.height; y++) {
    for (let x = 0; x < place.width; x++, at++) {
      if ((matte[at] as number) === 0) continue;
      if (top < 0) top = y;
      bottom = y;
      if (x < left) left = x;
      if (x > right) right = x;
    }
  }
  if (top < 0) return { place, matte };
  const [width, height] = [right - left + 3, bottom - top + 3];
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (y + top - 1) * place.width + left - 1;
    out.set(matte.subarray(from, from + width), y * width);
  }
  return { place: { x: place.x + left - 1, y: place.y + top - 1, width, height }, matte: out };
}

function masked(area: AreaNumber, box: Rect, photo: Picture, labels: Uint8Array): Uint8Array {
  const mask = new Uint8Array(box.width * box.height);
  for (let y = 0, at = 0; y < box.height; y++) {
    const from = (y + box.y) * photo.width + box.x;
    for (let x = 0; x < box.width; x++) mask[at++] = labels[from + x] === area ? 1 : 0;
  }
  return mask;
}

/** A thing that touches the photo's edge goes on behind it. */
function overhanging({ x, y, width, height }: Rect, photo: Picture, pad: number): Rect {
  const left = x === 0 ? -pad : x;
  const top = y === 0 ? -pad : y;
  const right = x + width === photo.width ? photo.width + pad : x + width;
  const bottom = y + height === photo.height ? photo.height + pad : y + height;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The mask of `box` as `place` shows it, mirrored beyond the photo's edges. */
function spread(mask: Uint8Array, box: Rect, place: Rect, photo: Picture): Uint8Array {
  const out = new Uint8Array(place.width * place.height);
  const columns = mirrored(place.x, place.width, photo.width);
  const rows = mirrored(place.y, place.height, photo.height);
  for (let y = 0; y < place.height; y++) {
    const v = (rows[y] as number) - box.y;
    if (v < 0 || v >= box.height) continue;
    for (let x = 0; x < place.width; x++) {
      const u = (columns[x] as number) - box.x;
      if (u >= 0 && u < box.width) out[y * place.width + x] = mask[v * box.width + u] as number;
    }
  }
  return out;
}

/** Lets the matte end: over the overhang, at its own rim, and where there is next to nothing of it. */
function fade(matte: Float32Array, place: Rect, photo: Picture, pad: number): Float32Array {
  const across = fading(place.x, place.width, photo.width, pad);
  const down = fading(place.y, place.height, photo.height, pad);
  for (let y = 0, at = 0; y < place.height; y++) {
    const share = down[y] as number;
    for (let x = 0; x < place.width; x++, at++) {
      const value = (matte[at] as number) * (across[x] as number) * share;
      matte[at] = value > HAZE ? value : 0;
    }
  }
  return matte;
}

/** 1 inside the photo, falling to 0 over the margins before and after it; 0 at the first and the last place. */
function fading(from: number, count: number, length: number, pad: number): Float32Array {
  const shares = new Float32Array(count);
  for (let at = 1; at < count - 1; at++) {
    const outside = Math.max(0, -(from + at), from + at - length + 1);
    shares[at] = Math.max(0, 1 - outside / Math.max(1, pad));
  }
  return shares;
}
