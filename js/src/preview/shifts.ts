// By what shifts may a photo bring what is missing in it? A few dozen, which many of its patches agree on.
// After He and Sun (Statistics of patch offsets for image completion).
import type { Point } from "../paint/geometry";
import type { Gap } from "./patches";
import type { Colours } from "./shrink";

/** At most so many shifts, and so many more for the places that those cannot reach. */
const MANY = 28;
const REST = 8;
/** Two that differ by no more, in pixels, would bring the same thing twice side by side. */
const APART = 1;
/** Pixels around the gap on which a shift is tried when it is fitted to a larger copy. */
const RIM = 250;
/** Difference of two colours, squared, above which they are simply not alike. */
export const UNLIKE = 3 * 90 ** 2;

/** The shifts that come up most often; and for what they cannot reach, the ones that come up most often there. A shift is
 * where a pixel is to be taken from, seen from where it is put. */
export function common({ seekers, whole }: Gap, sources: Int32Array, width: number): Point[] {
  const chosen = most(seekers, sources, width, MANY);
  let left = seekers;
  for (let more = 0, tried = 0; more < REST; more++) {
    for (; tried < chosen.length; tried++) {
      const [dx, dy] = chosen[tried] as Point;
      left = left.filter((at) => {
        const x = (at % width) + dx;
        return x < 0 || x >= width || !whole[at + dy * width + dx];
      });
    }
    if (left.length === 0) break;
    chosen.push(...most(left, sources, width, 1));
  }
  return chosen;
}

function most(seekers: Int32Array, sources: Int32Array, width: number, many: number): Point[] {
  const times = new Map<number, number>();
  for (const at of seekers) {
    const from = sources[at] as number;
    const down = Math.floor(from / width) - Math.floor(at / width);
    const shift = down * 2 * width + (from % width) - (at % width);
    times.set(shift, (times.get(shift) ?? 0) + 1);
  }
  const chosen: Point[] = [];
  for (const [shift] of Array.from(times).sort(([, one], [, other]) => other - one)) {
    const down = Math.round(shift / (2 * width));
    const right = shift - down * 2 * width;
    if (chosen.some(([dx, dy]) => Math.abs(dx - right) <= APART && Math.abs(dy - down) <= APART)) continue;
    chosen.push([right, down]);
    if (chosen.length === many) break;
  }
  return chosen;
}

/** The shifts in a copy so many times larger, each moved a little: to where the rim is most like its example. */
export function fitted(
  shifts: readonly Point[],
  scale: number,
  { width, data }: Colours,
  known: Uint8Array,
  rim: Int32Array,
): Point[] {
  const places = rim.filter((_, n) => n % Math.ceil(rim.length / RIM) === 0);
  const reach = scale > 1 ? Math.ceil(scale / 2) : 0;
  const exact = new Map<string, Point>();
  for (const [right, down] of shifts) {
    let best: Point = [0, 0];
    let least = Number.POSITIVE_INFINITY;
    for (let dy = Math.round(down * scale) - reach, lowest = dy + 2 * reach; dy <= lowest; dy++) {
      for (let dx = Math.round(right * scale) - reach, last = dx + 2 * reach; dx <= last; dx++) {
        let apart = 0;
        for (const at of places) {
          const x = (at % width) + dx;
          const there = at + dy * width + dx;
          apart += x >= 0 && x < width && known[there] ? Math.min(UNLIKE, unlike(data, at, data, there)) : UNLIKE;
        }
        if (apart >= least) continue;
        least = apart;
        best = [dx, dy];
      }
    }
    if (best[0] !== 0 || best[1] !== 0) exact.set(String(best), best);
  }
  return Array.from(exact.values());
}

/** How much two pixels differ, squared. */
export function unlike(one: Float32Array, here: number, other: Float32Array, there: number): number {
  const red = (one[3 * here] as number) - (other[3 * there] as number);
  const green = (one[3 * here + 1] as number) - (other[3 * there + 1] as number);
  const blue = (one[3 * here + 2] as number) - (other[3 * there + 2] as number);
  return red * red + green * green + blue * blue;
}
