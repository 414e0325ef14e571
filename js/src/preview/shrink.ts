// Smaller copies: of the photo by averaging, of labels by looking at the middle of each pixel, of masks by any touch.
import type { Size } from "../paint/viewport";
import type { Picture } from "./picture";

/** RGB without rounding, three numbers a pixel. */
export interface Colours extends Size {
  readonly data: Float32Array;
}

/** The labels as a picture of that size shows them. */
export function sampled(labels: Uint8Array, from: Size, { width, height }: Size): Uint8Array {
  const out = new Uint8Array(width * height);
  const columns = new Int32Array(width);
  for (let x = 0; x < width; x++) columns[x] = Math.floor(((x + 0.5) * from.width) / width);
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * from.height) / height) * from.width;
    for (let x = 0; x < width; x++) out[at++] = labels[row + (columns[x] as number)] as number;
  }
  return out;
}

/** The picture `factor` times smaller, each pixel the mean of the square it stands for, as far as the picture goes. */
export function reduced({ width, height, data }: Picture, factor: number): Colours {
  const small = { width: Math.ceil(width / factor), height: Math.ceil(height / factor) };
  const out = new Float32Array(small.width * small.height * 3);
  for (let v = 0, to = 0; v < small.height; v++) {
    const bottom = Math.min(height, (v + 1) * factor);
    for (let u = 0; u < small.width; u++, to += 3) {
      const end = Math.min(width, (u + 1) * factor);
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let y = v * factor; y < bottom; y++) {
        for (let at = 4 * (y * width + u * factor); at < 4 * (y * width + end); at += 4) {
          red += data[at] as number;
          green += data[at + 1] as number;
          blue += data[at + 2] as number;
        }
      }
      const count = (bottom - v * factor) * (end - u * factor);
      out[to] = red / count;
      out[to + 1] = green / count;
      out[to + 2] = blue / count;
    }
  }
  return { ...small, data: out };
}

/** The colours at another size, never larger: each pixel the mean of exactly what it covers. */
export function averaged(from: Colours, { width, height }: Size): Colours {
  const out = new Float32Array(width * height * 3);
  const [across, down] = [from.width / width, from.height / height];
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      let red = 0;
      let green = 0;
      let blue = 0;
      let total = 0;
      for (let v = Math.floor(y * down); v < Math.min(from.height, (y + 1) * down); v++) {
        const tall = Math.min(v + 1, (y + 1) * down) - Math.max(v, y * down);
        for (let u = Math.floor(x * across); u < Math.min(from.width, (x + 1) * across); u++) {
          const share = tall * (Math.min(u + 1, (x + 1) * across) - Math.max(u, x * across));
          const at = 3 * (v * from.width + u);
          red += share * (from.data[at] as number);
          green += share * (from.data[at + 1] as number);
          blue += share * (from.data[at + 2] as number);
          total += share;
        }
      }
      out[to] = red / total;
      out[to + 1] = green / total;
      out[to + 2] = blue / total;
    }
  }
  return { width, height, data: out };
}

/** Which squares of `factor` pixels have anything of the mask in them. */
export function squaresOf(mask: Uint8Array, { width, height }: Size, factor: number): Uint8Array {
  const across = Math.ceil(width / factor);
  const out = new Uint8Array(across * Math.ceil(height / factor));
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.floor(y / factor) * across;
    for (let x = 0; x < width; x++) if (mask[at++]) out[row + Math.floor(x / factor)] = 1;
  }
  return out;
}

/** Which pixels of a smaller mask have anything of this one in them. */
export function touched(mask: Uint8Array, from: Size, { width, height }: Size): Uint8Array {
  const out = new Uint8Array(width * height);
  const [across, down] = [width / from.width, height / from.height];
  for (let y = 0, at = 0; y < from.height; y++) {
    const top = Math.floor(y * down);
    const bottom = Math.ceil((y + 1) * down - 1e-9);
    for (let x = 0; x < from.width; x++) {
      if (!mask[at++]) continue;
      const right = Math.ceil((x + 1) * across - 1e-9);
      for (let v = top; v < bottom; v++) out.fill(1, v * width + Math.floor(x * across), v * width + right);
    }
  }
  return out;
}
