// From a hard, hasty brush mask to a matte that follows the photo: crisp along its edges, wide where there are none.
// A guided filter (He, Sun, Tang): in every window the mask is a linear function of colour. Fitted on a smaller copy.
import type { Piece } from "./picture";
import { reduced } from "./shrink";

/** Colour variance (of 0..1) below which a window counts as flat, and the mask is only blurred there. */
const EPSILON = 2e-4;

type Planes<N extends number, T extends Float32Array[] = []> = T["length"] extends N
  ? T
  : Planes<N, [...T, Float32Array]>;

/** Coverage 0..1 for every pixel of `photo`, softened within about `radius` of the mask's edge. */
export function* soften(mask: Uint8Array, photo: Piece, radius: number): Generator<void, Float32Array> {
  const factor = Math.min(4, Math.max(1, Math.round(radius / 4)));
  const [width, height] = [Math.ceil(photo.width / factor), Math.ceil(photo.height / factor)];
  const planes = [...split(reduced(photo, factor).data), shares(mask, photo, factor)] as Planes<4>;
  yield;
  const model = linearModel(planes, width, height, Math.max(1, Math.round(radius / factor)));
  yield;
  return applied(model, width, height, factor, photo);
}

function split(colours: Float32Array): Planes<3> {
  const planes: Planes<3> = [plane(colours.length / 3), plane(colours.length / 3), plane(colours.length / 3)];
  const [red, green, blue] = planes;
  for (let at = 0, from = 0; at < red.length; at++, from += 3) {
    red[at] = (colours[from] as number) / 255;
    green[at] = (colours[from + 1] as number) / 255;
    blue[at] = (colours[from + 2] as number) / 255;
  }
  return planes;
}

function plane(length: number): Float32Array {
  return new Float32Array(length);
}

/** How much of each square of `factor` pixels is in the mask. */
function shares(mask: Uint8Array, { width, height }: Piece, factor: number): Float32Array {
  const [across, down] = [Math.ceil(width / factor), Math.ceil(height / factor)];
  const out = plane(across * down);
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.floor(y / factor) * across;
    for (let x = 0; x < width; x++) {
      if (mask[at++]) out[row + Math.floor(x / factor)] = (out[row + Math.floor(x / factor)] as number) + 1;
    }
  }
  for (let v = 0, at = 0; v < down; v++) {
    const tall = Math.min(height, (v + 1) * factor) - v * factor;
    for (let u = 0; u < across; u++) {
      out[at] = (out[at++] as number) / (tall * (Math.min(width, (u + 1) * factor) - u * factor));
    }
  }
  return out;
}

/** Gains for red, green, blue, and an offset, for every pixel. */
function linearModel([red, green, blue, share]: Planes<4>, width: number, height: number, reach: number): Planes<4> {
  const around = boxMean(width, height, reach);
  const product = (one: Float32Array, other: Float32Array) => {
    const out = plane(one.length);
    for (let at = 0; at < out.length; at++) out[at] = (one[at] as number) * (other[at] as number);
    return around(out);
  };
  const [rr, rg, rb] = [product(red, red), product(red, green), product(red, blue)];
  const [gg, gb, bb] = [product(green, green), product(green, blue), product(blue, blue)];
  const [rs, gs, bs] = [product(red, share), product(green, share), product(blue, share)];
  const [r, g, b, s] = [around(red), around(green), around(blue), around(share)];
  for (let at = 0; at < s.length; at++) {
    const ms = s[at] as number;
    const mr = r[at] as number;
    const mg = g[at] as number;
    const mb = b[at] as number;
    r[at] = 0;
    g[at] = 0;
    b[at] = 0;
    // All or nothing in the whole window: nothing to fit.
    if (ms <= 0 || ms >= 1) continue;
    // The solution of a symmetric system of three, (a h i; h d j; i j f) times it = (u, v, w).
    const a = (rr[at] as number) - mr * mr + EPSILON;
    const d = (gg[at] as number) - mg * mg + EPSILON;
    const f = (bb[at] as number) - mb * mb + EPSILON;
    const h = (rg[at] as number) - mr * mg;
    const i = (rb[at] as number) - mr * mb;
    const j = (gb[at] as number) - mg * mb;
    const u = (rs[at] as number) - mr * ms;
    const v = (gs[at] as number) - mg * ms;
    const w = (bs[at] as number) - mb * ms;
    const aa = d * f - j * j;
    const bh = i * j - h * f;
    const cc = h * j - i * d;
    const scale = 1 / (a * aa + h * bh + i * cc);
    const x = (aa * u + bh * v + cc * w) * scale;
    const y = (bh * u + (a * f - i * i) * v + (h * i - a * j) * w) * scale;
    const z = (cc * u + (h * i - a * j) * v + (a * d - h * h) * w) * scale;
    r[at] = x;
    g[at] = y;
    b[at] = z;
    s[at] = ms - x * mr - y * mg - z * mb;
  }
  return [around(r), around(g), around(b), around(s)];
}

/** Replaces a plane by the means over windows of `reach` around each pixel, as far as they lie inside. */
function boxMean(width: number, height: number, reach: number): (plane: Float32Array) => Float32Array {
  const columns = new Float64Array(width);
  const rows = plane(width * height);
  // Dividing is what would take the time.
  const shares = new Float64Array(2 * reach + 2);
  for (let count = 1; count < shares.length; count++) shares[count] = 1 / count;
  return (plane) => {
    for (let y = 0; y < height; y++) {
      const row = y * width;
      let sum = 0;
      let count = Math.min(reach, width);
      for (let x = 0; x < count; x++) sum += plane[row + x] as number;
      for (let x = 0; x < width; x++) {
        if (x + reach < width) {
          sum += plane[row + x + reach] as number;
          count++;
        }
        if (x > reach) {
          sum -= plane[row + x - reach - 1] as number;
          count--;
        }
        rows[row + x] = sum * (shares[count] as number);
      }
    }
    columns.fill(0);
    let count = Math.min(reach, height);
    for (let y = 0, at = 0; y < count; y++) {
      for (let x = 0; x < width; x++, at++) columns[x] = (columns[x] as number) + (rows[at] as number);
    }
    for (let y = 0; y < height; y++) {
      const here = y * width;
      const enters = y + reach < height;
      const leaves = y > reach;
      count += Number(enters) - Number(leaves);
      // Past the edge nothing comes and nothing goes.
      const enter = enters ? (y + reach) * width : here;
      const leave = leaves ? (y - reach - 1) * width : here;
      const comes = enters ? 1 : 0;
      const goes = leaves ? 1 : 0;
      const share = shares[count] as number;
      for (let x = 0; x < width; x++) {
        const sum = (columns[x] as number) + comes * (rows[enter + x] as number) - goes * (rows[leave + x] as number);
        columns[x] = sum;
        plane[here + x] = sum * share;
      }
    }
    return plane;
  };
}

/** The small model let up to full size, smoothly, and applied to the photo's own colours. */
function applied(model: Planes<4>, across: number, down: number, factor: number, photo: Piece): Float32Array {
  const { width, height, data } = photo;
  const matte = plane(width * height);
  const lines: Planes<4> = [plane(across + 2), plane(across + 2), plane(across + 2), plane(across + 2)];
  const [r, g, b, s] = lines;
  for (let y = 0; y < height; y++) {
    const place = Math.min(down - 1, Math.max(0, (y + 0.5) / factor - 0.5));
    const low = Math.floor(place);
    const high = Math.min(down - 1, low + 1);
    for (let n = 0; n < 4; n++)
      lay(model[n] as Float32Array, low * across, high * across, place - low, lines[n] as Float32Array);
    // Between the middles of two small pixels the model changes evenly; the lines hold one more at each end.
    for (let cell = 0; cell <= across; cell++) {
      const first = Math.max(0, Math.ceil((cell - 0.5) * factor - 0.5));
      const last = Math.min(width, Math.ceil((cell + 0.5) * factor - 0.5));
      const [r0, g0, b0, s0] = [r[cell] as number, g[cell] as number, b[cell] as number, s[cell] as number];
      const dr = (r[cell + 1] as number) - r0;
      const dg = (g[cell + 1] as number) - g0;
      const db = (b[cell + 1] as number) - b0;
      const ds = (s[cell + 1] as number) - s0;
      const row = y * width;
      if (r0 === 0 && g0 === 0 && b0 === 0 && dr === 0 && dg === 0 && db === 0 && Math.abs(ds) < 1e-6) {
        // Rounding in running sums; all or nothing it is.
        matte.fill(stretched(s0), row + first, row + last);
        continue;
      }
      for (let x = first, at = 4 * (row + first); x < last; x++, at += 4) {
        const t = (x + 0.5) / factor + 0.5 - cell;
        const colour =
          (r0 + dr * t) * (data[at] as number) +
          (g0 + dg * t) * (data[at + 1] as number) +
          (b0 + db * t) * (data[at + 2] as number);
        matte[row + x] = stretched(colour / 255 + s0 + ds * t);
      }
    }
  }
  return matte;
}

/** The filter leaves a faint haze over everything it has looked at; stretched, flat stays flat. */
function stretched(value: number): number {
  return Math.min(1, Math.max(0, (value - 0.05) / 0.9));
}

/** A line between two rows of a plane, its first and last values said twice. */
function lay(from: Float32Array, low: number, high: number, share: number, line: Float32Array): void {
  const across = line.length - 2;
  for (let x = 0; x < across; x++) {
    line[x + 1] = (from[low + x] as number) * (1 - share) + (from[high + x] as number) * share;
  }
  line[0] = line[1] as number;
  line[across + 1] = line[across] as number;
}
