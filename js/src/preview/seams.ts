// Pieces joined without a seam: each keeps its own light and dark, its tone gives way to meet its neighbours. After Perez,
// Gangnet and Blake (Poisson image editing), solved by multigrid.
import { smooth } from "./pullpush";
import type { Colours } from "./shrink";

/** A step in tone of more levels is an edge rather than a seam, and the larger the less of it is smoothed out. */
const MOST = 40;
/** How much a pixel holds on to its own tone: else one bad seam would tint the whole gap. */
const HOLD = 0.003;
/** Times that each pixel takes on the tone of its neighbours, at every size, down and up again; and how often all that. */
const ROUNDS = 3;
const CYCLES = 3;

/** What is to be added to the pixels that the pieces bring, so that no seam is seen. */
export function toned(picture: Colours, gap: Uint8Array, sources: Int32Array): Colours {
  const { width, height } = picture;
  const wanted = { width, height, data: new Float32Array(picture.data.length) };
  for (let at = 0; at < gap.length; at++) {
    if (at % width < width - 1) seam(picture, gap, sources, wanted.data, at, 1);
    if (at + width < gap.length) seam(picture, gap, sources, wanted.data, at, width);
  }
  const tone = { width, height, data: new Float32Array(wanted.data.length) };
  for (let n = 0; n < CYCLES; n++) cycle(tone, wanted, gap, HOLD);
  return tone;
}

/** The step in tone between a pixel and one that is so much further on: what the pieces of both would have there. */
function seam(
  { data }: Colours,
  gap: Uint8Array,
  sources: Int32Array,
  wanted: Float32Array,
  at: number,
  next: number,
): void {
  const other = at + next;
  if (!gap[at] && !gap[other]) return;
  const one = gap[at] ? (sources[at] as number) : at;
  const two = gap[other] ? (sources[other] as number) : other;
  if (two - one === next) return;
  const share = gap[at] ? (gap[other] ? 0.5 : 1) : 0;
  const [ahead, behind] = [3 * Math.min(gap.length - 1, one + next), 3 * Math.max(0, two - next)];
  const steps = [0, 1, 2].map((c) => {
    const forth = (data[ahead + c] as number) - (data[3 * two + c] as number);
    const back = (data[3 * one + c] as number) - (data[behind + c] as number);
    return share * forth + (1 - share) * back;
  });
  const less = Math.min(1, (MOST / Math.hypot(...steps)) ** 2);
  for (let c = 0; c < 3; c++) {
    const step = less * (steps[c] as number);
    wanted[3 * at + c] = (wanted[3 * at + c] as number) + step;
    wanted[3 * other + c] = (wanted[3 * other + c] as number) - step;
  }
}

/** Nearer to the tone whose steps are the wanted ones, and 0 outside the gap: once down to coarse and up again. */
function cycle(tone: Colours, wanted: Colours, gap: Uint8Array, hold: number): void {
  const { width, height } = tone;
  relax(tone, wanted, gap, hold);
  if (Math.min(width, height) < 6) return;
  const half = { width: (width + 1) >> 1, height: (height + 1) >> 1 };
  const missing = { ...half, data: new Float32Array(half.width * half.height * 3) };
  const count = new Uint8Array(half.width * half.height);
  for (let at = 0; at < gap.length; at++) {
    if (!gap[at]) continue;
    const to = (Math.floor(at / width) >> 1) * half.width + ((at % width) >> 1);
    count[to] = (count[to] as number) + 1;
    for (let c = 0; c < 3; c++) {
      const off = (wanted.data[3 * at + c] as number) + (4 + hold) * (tone.data[3 * at + c] as number);
      missing.data[3 * to + c] = (missing.data[3 * to + c] as number) + off - around(tone, at, c);
    }
  }
  const less = { ...half, data: new Float32Array(missing.data.length) };
  const mostly = count.map((many) => Number(many > 2));
  cycle(less, missing, mostly, 4 * hold);
  const colour = new Float32Array(3);
  for (let at = 0; at < gap.length; at++) {
    if (!gap[at]) continue;
    smooth(less, ((at % width) - 0.5) / 2, (Math.floor(at / width) - 0.5) / 2, colour);
    for (let c = 0; c < 3; c++) tone.data[3 * at + c] = (tone.data[3 * at + c] as number) + (colour[c] as number);
  }
  relax(tone, wanted, gap, hold);
}

function relax(tone: Colours, { data }: Colours, gap: Uint8Array, hold: number): void {
  for (let round = 0; round < ROUNDS; round++) {
    for (let at = 0; at < gap.length; at++) {
      if (!gap[at]) continue;
      for (let c = 0; c < 3; c++) {
        tone.data[3 * at + c] = (around(tone, at, c) - (data[3 * at + c] as number)) / (4 + hold);
      }
    }
  }
}

/** The sum of a pixel's four neighbours; beyond the frame is as at its edge. */
function around({ width, data }: Colours, at: number, c: number): number {
  const here = 3 * at + c;
  const x = at % width;
  const left = x > 0 ? here - 3 : here;
  const right = x < width - 1 ? here + 3 : here;
  const up = at >= width ? here - 3 * width : here;
  const down = here + 3 * width < data.length ? here + 3 * width : here;
  return (data[left] as number) + (data[right] as number) + (data[up] as number) + (data[down] as number);
}
