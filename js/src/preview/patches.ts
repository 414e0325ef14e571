// Completion by example: every patch in a gap looks for the most similar patch outside, and those found vote for its colours.
// After Wexler, Shechtman and Irani (Space-time completion of video); the search is Barnes's PatchMatch. For small pictures.
import type { Size } from "../paint/viewport";
import { away } from "./morphology";
import { smoothFill } from "./pullpush";
import type { Colours } from "./shrink";

/** Patches are squares of 2 REACH + 1 pixels. */
const REACH = 3;
const SIDE = 2 * REACH + 1;
/** Times the search and the vote are repeated. */
const ROUNDS = 3;
/** Colour difference that a patch a whole short side away must make up for: what is near belongs here. */
const NEARNESS = 50;
/** How much less a patch's vote counts with each pixel that it lies deeper in the gap: what is known leads. */
const CERTAINTY = 1.3;
/** The most, in levels, by which the completion is shifted to meet the picture at the gap's edge. */
const SEAM = 40;
/** What agreeing with a neighbour on one shift is worth, in levels of difference: texture should come in pieces. */
const AGREEMENT = 10;

/** A gap in a small picture, and the patches that bear on it. */
export interface Gap {
  readonly mask: Uint8Array;
  /** Pixels whose patch touches the gap. */
  readonly seekers: Int32Array;
  /** Whether a pixel's patch lies wholly outside the gap and inside the picture. */
  readonly whole: Uint8Array;
}

export function gapOf(mask: Uint8Array, { width, height }: Size): Gap {
  const touching = new Uint8Array(mask.length);
  for (let at = 0; at < mask.length; at++) {
    if (!mask[at]) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    for (let row = Math.max(0, y - REACH); row <= Math.min(height - 1, y + REACH); row++) {
      touching.fill(1, row * width + Math.max(0, x - REACH), row * width + Math.min(width - 1, x + REACH) + 1);
    }
  }
  const whole = touching.map((near, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return Number(!near && x >= REACH && y >= REACH && x < width - REACH && y < height - REACH);
  });
  const seekers = new Int32Array(touching.length);
  let count = 0;
  for (let at = 0; at < touching.length; at++) if (touching[at]) seekers[count++] = at;
  return { mask, seekers: seekers.slice(0, count), whole };
}

/** Completes the gap of `picture`, whose colours there are a first guess, in place. `found` holds for each pixel the one that
 * its patch's example is around: a first guess as well. */
export function* complete(picture: Colours, gap: Gap, found: Int32Array, random: () => number): Generator<void, void> {
  const search = new Search(picture, gap, found, random);
  for (let round = 0; round < ROUNDS; round++) {
    search.look();
    search.seek(round % 2 === 0, 0);
    yield;
    search.seek(round % 2 === 1, round === ROUNDS - 1 ? AGREEMENT ** 2 * SIDE * SIDE * 3 : 0);
    search.vote(round === ROUNDS - 1);
    yield;
  }
}

class Search {
  readonly #examples: Int32Array;
  readonly #depth: Float32Array;
  /** The picture with a margin of REACH, so that patches need no checks. */
  readonly #wide: Float32Array;
  readonly #across: number;
  readonly #nearness: number;
  readonly #cost: Float32Array;

  constructor(
    private readonly picture: Colours,
    private readonly gap: Gap,
    private readonly found: Int32Array,
    private readonly random: () => number,
  ) {
    const { width, height } = picture;
    const examples: number[] = [];
    for (let at = 0; at < gap.whole.length; at++) if (gap.whole[at]) examples.push(at);
    this.#examples = Int32Array.from(examples);
    this.#depth = away(
      Uint8Array.from(gap.mask, (gone) => 1 - gone),
      width,
    );
    this.#across = width + 2 * REACH;
    this.#wide = new Float32Array(this.#across * (height + 2 * REACH) * 3);
    this.#nearness = (NEARNESS / Math.min(width, height)) ** 2 * SIDE * SIDE * 3;
    this.#cost = new Float32Array(found.length);
    for (const at of gap.seekers) if (!gap.whole[found[at] as number]) found[at] = this.#any();
  }

  /** Takes the colours as they are now. */
  look(): void {
    const { width, height, data } = this.picture;
    for (let y = 0, at = 0; y < height + 2 * REACH; y++) {
      const row = Math.min(height - 1, Math.max(0, y - REACH)) * width;
      for (let x = 0; x < this.#across; x++, at += 3) {
        const from = 3 * (row + Math.min(width - 1, Math.max(0, x - REACH)));
        this.#wide[at] = data[from] as number;
        this.#wide[at + 1] = data[from + 1] as number;
        this.#wide[at + 2] = data[from + 2] as number;
      }
    }
    for (const at of this.gap.seekers)
      this.#cost[at] = this.#apart(at, this.found[at] as number, Number.POSITIVE_INFINITY);
  }

  /** Every seeker tries what its neighbours have found, then somewhere near its own, then anywhere. */
  seek(forward: boolean, agreement: number): void {
    const { seekers } = this.gap;
    const { width } = this.picture;
    const step = forward ? 1 : -1;
    for (let n = 0; n < seekers.length; n++) {
      const at = seekers[forward ? n : seekers.length - 1 - n] as number;
      const x = at % width;
      if (forward ? x > 0 : x < width - 1) this.#follow(at, at - step, agreement);
      this.#follow(at, at - step * width, agreement);
      if (agreement) continue;
      for (let far = width >> 1; far >= 1; far >>= 1) {
        const here = this.found[at] as number;
        const row = Math.floor(here / width) + Math.round((this.random() * 2 - 1) * far);
        const column = (here % width) + Math.round((this.random() * 2 - 1) * far);
        if (column >= 0 && column < width) this.#try(at, row * width + column, 0);
      }
    }
  }

  vote(last: boolean): void {
    const { width, height, data } = this.picture;
    const { mask, seekers } = this.gap;
    const sums = new Float32Array(mask.length * 4);
    for (const at of seekers) {
      const [x, y] = [at % width, Math.floor(at / width)];
      const shift = (this.found[at] as number) - at;
      const trust = CERTAINTY ** -(this.#depth[at] as number);
      for (let dy = Math.max(-REACH, -y); dy <= Math.min(REACH, height - 1 - y); dy++) {
        for (let dx = Math.max(-REACH, -x); dx <= Math.min(REACH, width - 1 - x); dx++) {
          const to = at + dy * width + dx;
          const weight = trust * (NEAR[Math.abs(dx) + Math.abs(dy)] as number);
          const from = 3 * (to + shift);
          sums[4 * to] = (sums[4 * to] as number) + weight * (data[from] as number);
          sums[4 * to + 1] = (sums[4 * to + 1] as number) + weight * (data[from + 1] as number);
          sums[4 * to + 2] = (sums[4 * to + 2] as number) + weight * (data[from + 2] as number);
          sums[4 * to + 3] = (sums[4 * to + 3] as number) + weight;
        }
      }
    }
    // What is missing at the gap's edge, spread smoothly inwards, so that no edge of the gap is seen.
    const missing = new Float32Array(data.length);
    const unknown = new Uint8Array(mask.length).fill(1);
    for (const at of seekers) {
      if (mask[at]) continue;
      unknown[at] = 0;
      for (let c = 0; c < 3; c++) {
        const said = (sums[4 * at + c] as number) / (sums[4 * at + 3] as number);
        missing[3 * at + c] = Math.max(-SEAM, Math.min(SEAM, (data[3 * at + c] as number) - said));
      }
    }
    const seam = last ? smoothFill({ width, height, data: missing }, unknown).data : missing;
    for (const at of seekers) {
      if (!mask[at]) continue;
      for (let c = 0; c < 3; c++) {
        data[3 * at + c] = (sums[4 * at + c] as number) / (sums[4 * at + 3] as number) + (seam[3 * at + c] as number);
      }
    }
  }

  #any(): number {
    return this.#examples[Math.floor(this.random() * this.#examples.length)] as number;
  }

  #follow(at: number, neighbour: number, agreement: number): void {
    const theirs = this.found[neighbour];
    if (theirs !== undefined && theirs !== neighbour) this.#try(at, theirs + at - neighbour, agreement);
  }

  #try(at: number, there: number, bonus: number): void {
    if (!this.gap.whole[there] || there === this.found[at]) return;
    const cost = this.#apart(at, there, (this.#cost[at] as number) + bonus);
    if (cost >= (this.#cost[at] as number) + bonus) return;
    this.#cost[at] = cost;
    this.found[at] = there;
  }

  /** How much two patches differ, squares summed, and how far they are from each other; no further than `enough`. */
  #apart(here: number, there: number, enough: number): number {
    const { width } = this.picture;
    const [x, y] = [here % width, Math.floor(here / width)];
    const [u, v] = [there % width, Math.floor(there / width)];
    let sum = ((x - u) ** 2 + (y - v) ** 2) * this.#nearness;
    let one = (y * this.#across + x) * 3;
    let other = (v * this.#across + u) * 3;
    const row = this.#across * 3;
    const wide = this.#wide;
    for (let dy = 0; dy < SIDE && sum < enough; dy++, one += row, other += row) {
      for (let at = 0; at < SIDE * 3; at++) {
        const off = (wide[one + at] as number) - (wide[other + at] as number);
        sum += off * off;
      }
    }
    return sum;
  }
}

/** What a vote counts that many steps from its patch's middle. */
const NEAR = Array.from({ length: 2 * REACH + 1 }, (_, steps) => 0.7 ** steps);
