// Smooth colour for a hole: the known colours around it, averaged up a pyramid and let down again.
import type { Colours } from "./shrink";

/** A pixel that knows a quarter of its window knows enough: colours from farther off should not wash in. */
const ENOUGH = 0.25;
/** Rounds in which each unknown pixel becomes the mean of its neighbours, at every size: no blocks, no streaks. */
const ROUNDS = 4;

interface Level {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
  readonly weight: Float32Array;
}

/** The colours with everything in `hole` replaced by a smooth mixture of what is around it; grey where there is nothing. */
export function smoothFill({ width, height, data }: Colours, hole: Uint8Array): Colours {
  const weight = new Float32Array(hole.length);
  for (let at = 0; at < hole.length; at++) weight[at] = hole[at] ? 0 : 1;
  const levels: Level[] = [{ width, height, data: data.slice(), weight }];
  for (let level = levels[0] as Level; level.width > 1 || level.height > 1; ) {
    level = pulled(level);
    levels.push(level);
  }
  let under: Level | null = null;
  for (const level of levels.reverse()) {
    push(level, under);
    for (let round = 0; round < ROUNDS; round++) relax(level);
    under = level;
  }
  return under as Level;
}

function pulled({ width, height, data, weight }: Level): Level {
  const [across, down] = [(width + 1) >> 1, (height + 1) >> 1];
  const out = {
    width: across,
    height: down,
    data: new Float32Array(across * down * 3),
    weight: new Float32Array(across * down),
  };
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const share = weight[at] as number;
      if (share === 0) continue;
      const to = (y >> 1) * across + (x >> 1);
      out.weight[to] = (out.weight[to] as number) + share / 4;
      for (let c = 0; c < 3; c++) {
        out.data[3 * to + c] = (out.data[3 * to + c] as number) + ((data[3 * at + c] as number) * share) / 4;
      }
    }
  }
  for (let at = 0; at < out.weight.length; at++) {
    const share = out.weight[at] as number;
    if (share === 0) continue;
    for (let c = 0; c < 3; c++) out.data[3 * at + c] = (out.data[3 * at + c] as number) / share;
    out.weight[at] = Math.min(1, share / ENOUGH);
  }
  return out;
}

/** Mixes what the coarser level knows into what this one does not. */
function push({ width, height, data, weight }: Level, under: Level | null): void {
  const below = new Float32Array(3).fill(127);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const share = weight[at] as number;
      if (share >= 1) continue;
      if (under) smooth(under, (x - 0.5) / 2, (y - 0.5) / 2, below);
      for (let c = 0; c < 3; c++) {
        data[3 * at + c] = (data[3 * at + c] as number) * share + (below[c] as number) * (1 - share);
      }
    }
  }
}

function relax({ width, height, data, weight }: Level): void {
  for (let y = 0, at = 0; y < height; y++) {
    const up = y > 0 ? 3 * width : 0;
    const down = y < height - 1 ? 3 * width : 0;
    for (let x = 0; x < width; x++, at++) {
      if ((weight[at] as number) > 0) continue;
      const left = x > 0 ? 3 : 0;
      const right = x < width - 1 ? 3 : 0;
      for (let c = 3 * at; c < 3 * at + 3; c++) {
        const across = (data[c - left] as number) + (data[c + right] as number);
        data[c] = (across + (data[c - up] as number) + (data[c + down] as number)) / 4;
      }
    }
  }
}

/** The colour between pixels, 0 being the middle of the first; written into `out`. */
export function smooth({ width, height, data }: Colours, x: number, y: number, out: Float32Array): void {
  const px = Math.min(width - 1, Math.max(0, x));
  const py = Math.min(height - 1, Math.max(0, y));
  const left = Math.floor(px);
  const top = Math.floor(py);
  const one = 3 * (top * width + left);
  const beside = left + 1 < width ? 3 : 0;
  const below = top + 1 < height ? 3 * width : 0;
  const fx = px - left;
  const fy = py - top;
  for (let c = 0; c < 3; c++) {
    const at = one + c;
    const upper = (data[at] as number) * (1 - fx) + (data[at + beside] as number) * fx;
    const lower = (data[at + below] as number) * (1 - fx) + (data[at + below + beside] as number) * fx;
    out[c] = upper * (1 - fy) + lower * fy;
  }
}
