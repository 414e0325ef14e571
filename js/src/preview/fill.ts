// What lies behind a thing taken out of a photo: the hole is filled from around it, texture and all. A small copy says
// roughly what colours belong there. On a larger one the hole is laid out in pieces, each a part of the photo shifted to
// where it fits, and every piece brings the photo's own pixels along.
import type { Size } from "../paint/viewport";
import { complete, type Gap, gapOf } from "./patches";
import type { Picture } from "./picture";
import { laid } from "./pieces";
import { smooth, smoothFill } from "./pullpush";
import { toned } from "./seams";
import { common } from "./shifts";
import { averaged, type Colours, reduced, squaresOf, touched } from "./shrink";

/** Shorter sides of the small copies that are completed patch by patch, in pixels. */
const LEVELS = [32, 48];
/** About so many pixels of the copy that pieces are laid on lie in the hole, at most: a wide hole has coarser seams, it
 * takes no more time. */
const CELLS = 3000;
/** Rows of the hole that are filled in one go. */
const ROWS = 48;

/** The photo with the hole closed; outside the hole not a value changes. `small` is `factor` times smaller. */
export function* fill(photo: Picture, small: Colours, factor: number, hole: Uint8Array): Generator<void, Picture> {
  const out = { ...photo, data: photo.data.slice() };
  let count = 0;
  for (let at = 0; at < hole.length; at++) if (hole[at]) count++;
  if (count === 0) return out;
  const wide = Math.max(factor, Math.ceil(Math.sqrt(count / CELLS)));
  const picture = wide > factor ? reduced(photo, wide) : { ...small, data: small.data.slice() };
  yield;
  const gap = squaresOf(hole, photo, wide);
  yield;
  const guess = yield* completed(picture, gap);
  const colour = new Float32Array(3);
  const share = guess.done.width / picture.width;
  const tall = guess.done.height / picture.height;
  for (let at = 0; at < gap.length; at++) {
    if (!gap[at]) continue;
    const [x, y] = [((at % picture.width) + 0.5) * share - 0.5, (Math.floor(at / picture.width) + 0.5) * tall - 0.5];
    smooth(guess.done, x, y, colour);
    picture.data.set(colour, 3 * at);
  }
  yield;
  const sources = yield* laid(picture, gap, common(guess.gap, guess.sources, guess.done.width), 1 / tall);
  const tone = toned(picture, gap, sources);
  yield;
  yield* brought(out, hole, wide, { gap, sources, guess: picture, tone });
  return out;
}

/** A copy laid out in pieces. */
interface Pieces {
  readonly gap: Uint8Array;
  /** For each pixel of the gap the one that it is taken from, and what is added to it. */
  readonly sources: Int32Array;
  readonly tone: Colours;
  /** The copy: its colour where it is taken from nowhere. */
  readonly guess: Colours;
}

interface Completed {
  /** A small copy with its gap completed. */
  readonly done: Colours;
  readonly gap: Gap;
  /** For each of its pixels the one that it comes from. */
  readonly sources: Int32Array;
}

function* completed(picture: Colours, hole: Uint8Array): Generator<void, Completed> {
  const short = Math.min(picture.width, picture.height);
  const random = dice();
  let best: Completed | null = null;
  for (const level of LEVELS) {
    const share = Math.min(1, level / short);
    const size = {
      width: Math.max(1, Math.round(picture.width * share)),
      height: Math.max(1, Math.round(picture.height * share)),
    };
    const gap = gapOf(touched(hole, picture, size), size);
    const copy = share === 1 ? picture : averaged(picture, size);
    const done: Colours = best ? { ...size, data: copy.data.slice() } : smoothFill(copy, gap.mask);
    const sources = new Int32Array(gap.mask.length);
    for (let at = 0; at < sources.length; at++) sources[at] = at;
    if (best) finer(best, done, gap, sources);
    yield;
    if (gap.whole.includes(1)) yield* complete(done, gap, sources, random);
    best = { done, gap, sources };
    if (share === 1) break;
  }
  return best as Completed;
}

/** The guesses of a coarser copy, at this one's size. */
function finer(coarse: Completed, done: Colours, gap: Gap, sources: Int32Array): void {
  const { width, height } = done;
  const [across, down] = [coarse.done.width / width, coarse.done.height / height];
  const colour = new Float32Array(3);
  for (const at of gap.seekers) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const [u, v] = [Math.floor((x + 0.5) * across), Math.floor((y + 0.5) * down)];
    if (gap.mask[at]) {
      smooth(coarse.done, (x + 0.5) * across - 0.5, (y + 0.5) * down - 0.5, colour);
      done.data.set(colour, 3 * at);
    }
    const from = coarse.sources[v * coarse.done.width + u] as number;
    const dx = Math.round(((from % coarse.done.width) - u) / across);
    const dy = Math.round((Math.floor(from / coarse.done.width) - v) / down);
    sources[at] = clamped(y + dy, height) * width + clamped(x + dx, width);
  }
}

/** The hole at full size: each pixel is what the four places around it bring, the nearer the more. */
function* brought(out: Picture, hole: Uint8Array, factor: number, pieces: Pieces): Generator<void, void> {
  const { width, height, data } = out;
  const corners = new Corners(pieces, factor, out);
  const { right, row, base, slope } = corners;
  for (let y = 0; y < height; y++) {
    if (y % ROWS === ROWS - 1) yield;
    const [first, last] = span(hole, y * width, width);
    for (let x = first; x <= last; ) {
      if (!hole[y * width + x]) {
        x++;
        continue;
      }
      const along = corners.at(x, y);
      const end = Math.min(last + 1, Math.ceil((along + 1.5) * factor - 0.5));
      for (; x < end; x++) {
        if (!hole[y * width + x]) continue;
        const beside = Math.max(0, (x + 0.5) / factor - 0.5 - along);
        let red = (base[0] as number) + beside * (slope[0] as number);
        let green = (base[1] as number) + beside * (slope[1] as number);
        let blue = (base[2] as number) + beside * (slope[2] as number);
        for (let n = 0; n < corners.count; n++) {
          const part = corners.share(n, beside);
          const there = (row[n] as number) + clamped(x + (right[n] as number), width);
          red += part * (data[4 * there] as number);
          green += part * (data[4 * there + 1] as number);
          blue += part * (data[4 * there + 2] as number);
        }
        const to = 4 * (y * width + x);
        data[to] = red;
        data[to + 1] = green;
        data[to + 2] = blue;
      }
    }
  }
}

/** The four places of a copy around a pixel of the photo, or the one where all bring the same. */
class Corners {
  count = 0;
  /** How far each of them is shifted to the right, in pixels of the photo. */
  readonly right = new Int32Array(4);
  /** The first pixel of the row that each is taken from. */
  readonly row = new Int32Array(4);
  /** What is added: at the left two, and how it changes to the right two. */
  readonly base = new Float32Array(3);
  readonly slope = new Float32Array(3);
  readonly #cells = new Int32Array(4);
  readonly #photo = new Float32Array(4);
  #below = 0;

  constructor(
    private readonly pieces: Pieces,
    private readonly factor: number,
    private readonly photo: Size,
  ) {}

  /** Looks at those around the pixel; the column of the left ones. */
  at(x: number, y: number): number {
    const { gap, sources, guess, tone } = this.pieces;
    const { width, height } = guess;
    const place = clamped((y + 0.5) / this.factor - 0.5, height);
    const u = Math.floor(clamped((x + 0.5) / this.factor - 0.5, width));
    const v = Math.floor(place);
    this.#below = place - v;
    const cells = this.#cells;
    let own = 0;
    for (let n = 3; n >= 0; n--) {
      cells[n] = Math.min(height - 1, v + (n >> 1)) * width + Math.min(width - 1, u + (n & 1));
      // Of the four at least the one that the pixel lies in is in the gap.
      if (gap[cells[n] as number]) own = cells[n] as number;
    }
    this.base.fill(0);
    this.slope.fill(0);
    let alike = true;
    for (let n = 0; n < 4; n++) {
      const cell = gap[cells[n] as number] ? (cells[n] as number) : own;
      const from = sources[cell] as number;
      this.right[n] = ((from % width) - (cell % width)) * this.factor;
      const down = (Math.floor(from / width) - Math.floor(cell / width)) * this.factor;
      this.row[n] = clamped(y + down, this.photo.height) * this.photo.width;
      this.#photo[n] = from === cell ? 0 : 1;
      alike &&= this.right[n] === this.right[0] && this.row[n] === this.row[0];
      const part = n >> 1 ? this.#below : 1 - this.#below;
      const more = (from === cell ? guess : tone).data;
      for (let c = 0; c < 3; c++) {
        const value = part * (more[3 * cell + c] as number);
        this.slope[c] = (this.slope[c] as number) + (n & 1 ? value : -value);
        if (!(n & 1)) this.base[c] = (this.base[c] as number) + value;
      }
    }
    this.count = alike ? (this.#photo[0] as number) : 4;
    return u;
  }

  /** How much of a place's pixel is taken, so far from the left ones to the right ones. */
  share(n: number, beside: number): number {
    if (this.count === 1) return 1;
    return (this.#photo[n] as number) * (n & 1 ? beside : 1 - beside) * (n >> 1 ? this.#below : 1 - this.#below);
  }
}

/** The first and the last of a row that are not 0. */
function span(of: Uint8Array, start: number, length: number): [number, number] {
  let [first, last] = [0, length - 1];
  while (first <= last && !of[start + first]) first++;
  while (last > first && !of[start + last]) last--;
  return [first, last];
}

function clamped(place: number, length: number): number {
  return Math.min(length - 1, Math.max(0, place));
}

/** The same fill for the same drawing, every time. */
function dice(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
}
