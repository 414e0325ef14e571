// A gap laid out in pieces: which shift of the picture belongs where, so that pieces are large. Each shift is tried
// everywhere; then four sweeps across the picture spread what each place prefers.
import type { Point } from "../paint/geometry";
import { away } from "./morphology";
import { fitted, UNLIKE, unlike } from "./shifts";
import type { Colours } from "./shrink";

/** A shift is judged by a square of 2 REACH + 1 pixels. */
const REACH = 4;
/** How much less the guess counts with each pixel that it lies deeper in the gap, and the least: what is known leads. */
const FADING = 1.25;
const FAINT = 0.8;
/** What it costs in the sweeps that a place has another shift than the one before it, in levels squared. */
const PARTING = 100;
/** What it costs to leave the guess as it is, and to bring what is not there: more than anything that there is. */
const GUESS = 1e6;
const NEVER = 1e7;

/** For each pixel in the gap and on its rim the one that it is to be taken from: itself where only the guess is left. The
 * picture has a guess in the gap; the rough shifts, from which one is chosen, are those of a copy that many times smaller. */
export function* laid(
  picture: Colours,
  gap: Uint8Array,
  rough: readonly Point[],
  scale: number,
): Generator<void, Int32Array> {
  const { width, height } = picture;
  const far = away(gap, width);
  const places = new Int32Array(gap.length).map((_, at) => at);
  const cells = places.filter((at) => (far[at] as number) < 2);
  const rim = places.filter((at) => (far[at] as number) > 2 && (far[at] as number) <= 2 * REACH);
  const known = gap.map((_, at) => Number((far[at] as number) > 2));
  yield;
  const shifts = fitted(rough, scale, picture, known, rim);
  shifts.unshift([0, 0]);
  yield;
  const own = yield* tried(picture, gap, shifts, cells, known, far);
  const total = own.slice();
  const number = new Int32Array(gap.length).fill(-1);
  for (let n = 0; n < cells.length; n++) number[cells[n] as number] = n;
  for (let y = 0; y < height; y++) {
    const row = number.subarray(y * width, (y + 1) * width);
    sweep(own, total, shifts.length, row);
    sweep(own, total, shifts.length, row.slice().reverse());
  }
  yield;
  const column = new Int32Array(height);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) column[y] = number[y * width + x] as number;
    sweep(own, total, shifts.length, column);
    sweep(own, total, shifts.length, column.reverse());
  }
  yield;
  const steps = Int32Array.from(shifts, ([dx, dy]) => dy * width + dx);
  const sources = new Int32Array(gap.length).fill(-1);
  for (let n = 0; n < cells.length; n++) {
    const at = cells[n] as number;
    sources[at] = at + (steps[least(total, n * steps.length, steps.length)] as number);
  }
  return sources;
}

/** How unlike the picture each shift makes each place and its surroundings: all shifts of a cell, then the next cell's. */
function* tried(
  { width, height, data }: Colours,
  gap: Uint8Array,
  shifts: readonly Point[],
  cells: Int32Array,
  known: Uint8Array,
  far: Float32Array,
): Generator<void, Float32Array> {
  const depth = away(
    gap.map((gone) => 1 - gone),
    width,
  );
  const weight = depth.map((deep, at) =>
    deep > 0 ? Math.max(FAINT, FADING ** -deep) : Number((far[at] as number) <= 2 * REACH),
  );
  const first = Math.max(0, Math.floor((cells[0] as number) / width) - REACH);
  const last = Math.min(height, Math.floor((cells[cells.length - 1] as number) / width) + REACH + 1);
  const cost = new Float32Array(cells.length * shifts.length).fill(NEVER);
  let [west, east] = [width, 0];
  for (const at of cells) {
    west = Math.min(west, (at % width) - REACH);
    east = Math.max(east, (at % width) + REACH + 1);
  }
  west = Math.max(0, west);
  east = Math.min(width, east);
  const wide = width + 1;
  // Sums of all that is above and to the left: those of a square are four of them.
  const sums = new Float64Array(wide * (height + 1));
  for (let index = 1; index < shifts.length; index++) {
    if (index % 6 === 0) yield;
    const [dx, dy] = shifts[index] as Point;
    const step = dy * width + dx;
    const [left, right] = [Math.max(0, -dx), Math.min(width, width - dx)];
    for (let y = first; y < last; y++) {
      let line = 0;
      let to = (y + 1) * wide + west + 1;
      for (let x = west, at = y * width + west; x < east; x++, at++, to++) {
        const heavy = weight[at] as number;
        if (heavy > 0) {
          const there = at + step;
          const apart = x >= left && x < right && known[there] ? unlike(data, at, data, there) : UNLIKE;
          line += heavy * Math.min(UNLIKE, apart);
        }
        sums[to] = (sums[to - wide] as number) + line;
      }
    }
    for (let n = 0, to = index; n < cells.length; n++, to += shifts.length) {
      const at = cells[n] as number;
      const y = Math.floor(at / width);
      const x = at - y * width;
      if (x < left || x >= right || !known[at + step]) continue;
      const start = Math.max(west, x - REACH);
      const end = Math.min(east, x + REACH + 1);
      const upper = Math.max(first, y - REACH);
      const lower = Math.min(last, y + REACH + 1);
      const above = (sums[upper * wide + end] as number) - (sums[upper * wide + start] as number);
      const all = (sums[lower * wide + end] as number) - (sums[lower * wide + start] as number);
      cost[to] = (all - above) / ((end - start) * (lower - upper));
    }
  }
  for (let at = 0; at < cost.length; at += shifts.length) cost[at] = GUESS;
  return cost;
}

/** Along one line: what everything before a place would pay for each shift is added to what the place does. After
 * Hirschmueller (Semi-global matching). */
function sweep(own: Float32Array, total: Float32Array, count: number, line: Int32Array): void {
  const run = new Float32Array(count);
  let low = 0;
  for (const cell of line) {
    if (cell < 0) continue;
    let next = Number.POSITIVE_INFINITY;
    for (let n = 0, at = cell * count; n < count; n++, at++) {
      const over = (run[n] as number) - low;
      const paid = Math.min(over, PARTING);
      total[at] = (total[at] as number) + paid;
      const sum = paid + (own[at] as number);
      run[n] = sum;
      if (sum < next) next = sum;
    }
    low = next;
  }
}

/** Which of so many values is the least. */
function least(values: Float32Array, from: number, count: number): number {
  let best = 0;
  for (let n = 1; n < count; n++) if ((values[from + n] as number) < (values[from + best] as number)) best = n;
  return best;
}
