// What lies behind a thing taken out of a photo: the hole is filled from around it, texture and all. Small copies are
// completed by example, from coarse to fine; at full size the finest gives the colours, and the detail is the photo's own,
// from where the examples were found.
import type { Size } from "../paint/viewport";
import { complete, type Gap, gapOf } from "./patches";
import type { Picture } from "./picture";
import { smooth, smoothFill } from "./pullpush";
import { averaged, type Colours, squaresOf, touched } from "./shrink";

/** Shorter sides of the small copies, in pixels; the last is the one that was given. */
const LEVELS = [32, 56, 96, Number.POSITIVE_INFINITY];
/** A finer copy is left out once the hole has more patches than this: a wide hole gets less detail, not more time. */
const SEEKERS = 3000;
/** What stands out more than this many levels, like a star, would be sown all over the hole. */
const MOST = 24;
/** Rows of the hole that are filled in one go. */
const ROWS = 48;

/** The photo with the hole closed; outside the hole not a value changes. `small` is `factor` times
 * smaller. */
export function* fill(photo: Picture, small: Colours, factor: number, hole: Uint8Array): Generator<void, Picture> {
  const out = { ...photo, data: photo.data.slice() };
  const done = yield* completed(small, squaresOf(hole, photo, factor));
  yield;
  if (done) yield* raised(out, hole, done, yield* lostIn(done, photo));
  return out;
}

interface Completed {
  /** The small copy as it was, and with its gap completed. */
  readonly copy: Colours;
  readonly done: Colours;
  readonly gap: Gap;
  /** For each small pixel the one that it comes from. */
  readonly sources: Int32Array;
}

function* completed(small: Colours, hole: Uint8Array): Generator<void, Completed | null> {
  const short = Math.min(small.width, small.height);
  const random = dice();
  let best: Completed | null = null;
  for (const level of LEVELS) {
    const share = Math.min(1, level / short);
    const size = {
      width: Math.max(1, Math.round(small.width * share)),
      height: Math.max(1, Math.round(small.height * share)),
    };
    const gap = gapOf(touched(hole, small, size), size);
    if (best !== null && gap.seekers.length > SEEKERS) break;
    if (gap.seekers.length === 0) return null;
    const copy = share === 1 ? small : averaged(small, size);
    const done: Colours = best ? { ...size, data: copy.data.slice() } : smoothFill(copy, gap.mask);
    const sources = new Int32Array(gap.mask.length);
    for (let at = 0; at < sources.length; at++) sources[at] = at;
    if (best) finer(best, done, gap, sources);
    yield;
    if (gap.whole.includes(1)) yield* complete(done, gap, sources, random);
    best = { copy, done, gap, sources };
    if (share === 1) break;
  }
  return best;
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

/** What a small copy has lost of the photo where examples come from, a signed byte a channel. */
function* lostIn({ copy, sources, gap }: Completed, photo: Picture): Generator<void, Int8Array> {
  const { width, height, data } = photo;
  const lost = new Int8Array(width * height * 3);
  const line = enlarger(copy, photo);
  const [across, down] = [width / copy.width, height / copy.height];
  // By rows of the small copy: the first and the last pixel that anything comes from.
  const first = new Int32Array(copy.height).fill(copy.width);
  const last = new Int32Array(copy.height).fill(-1);
  for (const at of gap.seekers) {
    const from = sources[at] as number;
    const v = Math.floor(from / copy.width);
    first[v] = Math.min(first[v] as number, from % copy.width);
    last[v] = Math.max(last[v] as number, from % copy.width);
  }
  for (let y = 0; y < height; y++) {
    if (y % ROWS === ROWS - 1) yield;
    const v = Math.floor((y + 0.5) / down);
    // One more on each side: a pixel's place in its square is rounded.
    const near = [v - 1, v, v + 1].filter((row) => (last[row] ?? -1) >= 0);
    if (near.length === 0) continue;
    const left = Math.max(0, Math.floor((Math.min(...near.map((row) => first[row] as number)) - 1) * across));
    const right = Math.min(width, Math.ceil((Math.max(...near.map((row) => last[row] as number)) + 2) * across));
    const usual = line(y, left, right);
    for (let x = left, at = 4 * (y * width + left), to = 3 * (y * width + left); x < right; x++, at += 4, to += 3) {
      lost[to] = held((data[at] as number) - (usual[3 * x] as number));
      lost[to + 1] = held((data[at + 1] as number) - (usual[3 * x + 1] as number));
      lost[to + 2] = held((data[at + 2] as number) - (usual[3 * x + 2] as number));
    }
  }
  return lost;
}

function held(detail: number): number {
  return Math.min(MOST, Math.max(-MOST, detail));
}

/** The hole at full size. */
function* raised(out: Picture, hole: Uint8Array, small: Completed, lost: Int8Array): Generator<void, void> {
  const { width, height, data } = out;
  const { done, sources } = small;
  const [across, down] = [done.width / width, done.height / height];
  const line = enlarger(done, out);
  for (let y = 0; y < height; y++) {
    if (y % ROWS === ROWS - 1) yield;
    const v = Math.floor((y + 0.5) * down);
    const [first, last] = span(hole, y * width, width);
    if (first > last) continue;
    const colours = line(y, first, last + 1);
    let known = -1;
    let trust = 0;
    let shift = 0;
    for (let x = first, at = y * width + first; x <= last; x++, at++) {
      if (!hole[at]) continue;
      const u = Math.floor((x + 0.5) * across);
      const cell = v * done.width + u;
      if (cell !== known) {
        known = cell;
        trust = agreement(sources, cell, done);
        const from = sources[cell] as number;
        const dx = Math.round(((from % done.width) - u) / across);
        const dy = Math.round((Math.floor(from / done.width) - v) / down);
        // An example is well inside the picture, and so is all of its square.
        shift = trust > 0 ? dy * width + dx : 0;
      }
      const from = 3 * (at + shift);
      data[4 * at] = (colours[3 * x] as number) + trust * (lost[from] as number);
      data[4 * at + 1] = (colours[3 * x + 1] as number) + trust * (lost[from + 1] as number);
      data[4 * at + 2] = (colours[3 * x + 2] as number) + trust * (lost[from + 2] as number);
    }
  }
}

/** The first and the last of a row that are not 0. */
function span(of: Uint8Array, start: number, length: number): [number, number] {
  let [first, last] = [0, length - 1];
  while (first <= last && !of[start + first]) first++;
  while (last > first && !of[start + last]) last--;
  return [first, last];
}

/** Lines of the colours let up to a larger size, smoothly, from one pixel to before another; each call writes over the line
 * before. */
function enlarger(from: Colours, { width, height }: Size): (y: number, first: number, last: number) => Float32Array {
  const short = new Float32Array(from.width * 3);
  const line = new Float32Array(width * 3);
  const left = new Int32Array(width);
  const shares = new Float32Array(width);
  for (let x = 0; x < width; x++) {
    const place = clamped(((x + 0.5) * from.width) / width - 0.5, from.width);
    left[x] = 3 * Math.min(Math.floor(place), Math.max(0, from.width - 2));
    shares[x] = place - (left[x] as number) / 3;
  }
  const beside = from.width > 1 ? 3 : 0;
  return (y, first, last) => {
    const place = clamped(((y + 0.5) * from.height) / height - 0.5, from.height);
    const low = Math.floor(place);
    const share = place - low;
    const [one, two] = [low * short.length, Math.min(from.height - 1, low + 1) * short.length];
    for (let at = 0; at < short.length; at++) {
      short[at] = (from.data[one + at] as number) * (1 - share) + (from.data[two + at] as number) * share;
    }
    for (let x = first, to = 3 * first; x < last; x++) {
      const part = shares[x] as number;
      const at = left[x] as number;
      const red = short[at] as number;
      const green = short[at + 1] as number;
      const blue = short[at + 2] as number;
      line[to++] = red + ((short[at + beside] as number) - red) * part;
      line[to++] = green + ((short[at + beside + 1] as number) - green) * part;
      line[to++] = blue + ((short[at + beside + 2] as number) - blue) * part;
    }
    return line;
  };
}

/** The share of a small pixel's neighbours that have its shift: one alone would print its scrap of detail as a grid. */
function agreement(sources: Int32Array, cell: number, { width }: Size): number {
  const shift = (sources[cell] as number) - cell;
  if (shift === 0) return 0;
  const agrees = (at: number) => (at >= 0 && at < sources.length && (sources[at] as number) - at === shift ? 0.25 : 0);
  return agrees(cell - 1) + agrees(cell + 1) + agrees(cell - width) + agrees(cell + width);
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
