// The photo cut into layers, as an animator would. From the bottom up: the background, which is the photo with every moving
// area taken out and the gap filled; the areas, the first one lowest; the static area. A generator, so that whoever cuts can
// breathe between two steps.
import type { Rect } from "../paint/geometry";
import { type AreaNumber, KINDS, STATIC } from "../paint/plane";
import { type Leftover, lay, leftover, own } from "./colour";
import { fill } from "./fill";
import { away, dilated } from "./morphology";
import { boxes, common, crop, grown, type Picture, type Piece, whole } from "./picture";
import { type Shape, shapeOf } from "./shape";
import { scoutOf } from "./trim";

/** How much more than the matte is taken out of the background, as a share of the picture's shorter side: no rim of the thing
 * stays as a ghost. */
const TAKE_OUT = 1 / 120;
/** Displacement over which the last differences between composite and photo fade, likewise. */
const SETTLE = 1 / 90;
/** The shorter side of the small copy on which one looks for what is thing and what background. */
const SMALL = 144;

/** One area, ready to be drawn anywhere. */
export interface Layer extends Leftover {
  readonly area: AreaNumber;
  readonly piece: Piece;
}

export interface Cut {
  readonly photo: Picture;
  readonly background: Picture;
  /** The lowest first. */
  readonly layers: readonly Layer[];
  /** The static area. */
  readonly top: Piece | null;
  /** From this displacement on, in pixels, nothing is left of what layers lack and exceed. */
  readonly settle: number;
}

/** Cuts these areas out of the photo; `labels` are of the photo's size. Areas without pixels are left out. */
export function* cut(photo: Picture, labels: Uint8Array, areas: readonly AreaNumber[]): Generator<void, Cut> {
  const short = Math.min(photo.width, photo.height);
  const takeOut = Math.max(1, Math.round(TAKE_OUT * short));
  const places = boxes(labels, photo.width, KINDS);
  const factor = Math.max(1, Math.round(short / SMALL));
  const scout = yield* scoutOf(photo, masked(labels, areas), factor);
  yield;
  const shapes: Shape[] = [];
  const holes = new Holes(photo, labels, takeOut);
  for (const area of areas) {
    const place = places[area];
    if (!place) continue;
    const shape = yield* shapeOf(area, place, photo, labels, scout);
    holes.add(shape);
    shapes.push(shape);
    yield;
  }
  const background = holes.mix(yield* fill(photo, scout.small, scout.factor, holes.share));
  yield;
  const unmoved = { ...photo, data: background.data.slice() };
  const layers: Layer[] = [];
  for (const [index, shape] of shapes.entries()) {
    const piece = own(shape, photo, background);
    yield;
    lay(piece, unmoved);
    layers.push({ area: shape.area, piece, ...leftover(holes.home(shape), photo, unmoved, holes.owner, index + 1) });
    yield;
  }
  return { photo, background, layers, top: topOf(photo, labels, places[STATIC] ?? null), settle: SETTLE * short };
}

function masked(labels: Uint8Array, areas: readonly AreaNumber[]): Uint8Array {
  const moves = new Uint8Array(KINDS);
  for (const area of areas) moves[area] = 1;
  const mask = new Uint8Array(labels.length);
  for (let at = 0; at < mask.length; at++) mask[at] = moves[labels[at] as number] as number;
  return mask;
}

/** What is taken out of the background. */
class Holes {
  /** 1 and up: the highest of the shapes, in the order they came, for which a pixel is taken out. */
  readonly owner: Uint8Array;
  /** How far the filled background shows, of 255: the seam runs over the rim by which a hole exceeds the thing. */
  readonly share: Uint8Array;
  #count = 0;

  constructor(
    private readonly photo: Picture,
    private readonly labels: Uint8Array,
    private readonly takeOut: number,
  ) {
    this.owner = new Uint8Array(labels.length);
    this.share = new Uint8Array(labels.length);
  }

  /** The part of the photo that a shape is taken out of. */
  home({ place }: Shape): Rect | null {
    return common(grown(place, this.takeOut), whole(this.photo));
  }

  /** Takes out all that a matte covers, and a little more around it; never anything of the static area. */
  add(shape: Shape): void {
    this.#count += 1;
    const { place, matte } = shape;
    const home = this.home(shape);
    if (home === null) return;
    const covered = new Uint8Array(home.width * home.height);
    const seen = common(place, home);
    if (seen === null) return;
    for (let y = seen.y; y < seen.y + seen.height; y++) {
      const from = (y - place.y) * place.width - place.x;
      const to = (y - home.y) * home.width - home.x;
      for (let x = seen.x; x < seen.x + seen.width; x++) covered[to + x] = (matte[from + x] as number) > 0 ? 1 : 0;
    }
    const far = away(covered, home.width);
    for (let y = 0, at = 0; y < home.height; y++) {
      for (let x = 0, to = (y + home.y) * this.photo.width + home.x; x < home.width; x++, at++, to++) {
        const gone = Math.min(1, (this.takeOut + 1 - (far[at] as number)) / this.takeOut);
        if (gone <= 0 || this.labels[to] === STATIC) continue;
        this.owner[to] = this.#count;
        this.share[to] = Math.max(this.share[to] as number, Math.round(255 * gone));
      }
    }
  }

  /** Lets the photo into the filled background over the holes' rims. */
  mix(filled: Picture): Picture {
    const { share, photo } = this;
    for (let at = 0; at < share.length; at++) {
      const part = share[at] as number;
      if (part === 0 || part === 255) continue;
      for (let c = 4 * at; c < 4 * at + 3; c++) {
        const own = photo.data[c] as number;
        filled.data[c] = own + (((filled.data[c] as number) - own) * part) / 255;
      }
    }
    return filled;
  }
}

/** The static area: the photo's own values, its edge softened outwards only. */
function topOf(photo: Picture, labels: Uint8Array, place: Rect | null): Piece | null {
  const around = place && common(grown(place, 2), whole(photo));
  if (!around) return null;
  const piece = crop(photo, around);
  const mask = new Uint8Array(around.width * around.height);
  for (let y = 0, at = 0; y < around.height; y++) {
    const from = (y + around.y) * photo.width + around.x;
    for (let x = 0; x < around.width; x++) mask[at++] = labels[from + x] === STATIC ? 1 : 0;
  }
  const near = dilated(mask, around.width);
  for (let at = 0; at < mask.length; at++) piece.data[4 * at + 3] = mask[at] ? 255 : near[at] ? 128 : 0;
  return piece;
}
