// Pixels: RGBA, row by row, as a canvas gives and takes them; and rectangles of a picture that may hang over its edge.
import type { Rect } from "../paint/geometry";
import type { Size } from "../paint/viewport";

export interface Picture extends Size {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** A piece of a picture and where its first pixel lies; before the picture's own edge it is negative. */
export interface Piece extends Picture, Rect {}

export function whole({ width, height }: Size): Rect {
  return { x: 0, y: 0, width, height };
}

export function blank({ x, y, width, height }: Rect): Piece {
  return { x, y, width, height, data: new Uint8ClampedArray(width * height * 4) };
}

/** For each column (or row) of a rectangle the one of the picture it shows: beyond the edge, the picture's mirror image. */
export function mirrored(from: number, count: number, length: number): Int32Array {
  const places = new Int32Array(count);
  const period = Math.max(1, 2 * length - 2);
  for (let at = 0; at < count; at++) {
    const turn = (((from + at) % period) + period) % period;
    places[at] = Math.min(turn, period - turn, length - 1);
  }
  return places;
}

/** What a rectangle shows of a picture, mirrored beyond its edges. */
export function crop({ width, height, data }: Picture, rect: Rect): Piece {
  const piece = blank(rect);
  const columns = mirrored(rect.x, rect.width, width);
  const rows = mirrored(rect.y, rect.height, height);
  const from = new Uint32Array(data.buffer, data.byteOffset, width * height);
  const to = new Uint32Array(piece.data.buffer);
  for (let y = 0, at = 0; y < rect.height; y++) {
    const row = (rows[y] as number) * width;
    for (let x = 0; x < rect.width; x++, at++) to[at] = from[row + (columns[x] as number)] as number;
  }
  return piece;
}

export function grown({ x, y, width, height }: Rect, by: number): Rect {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}

/** The part of a rectangle that lies in another; null where there is none. */
export function common(one: Rect, other: Rect): Rect | null {
  const x = Math.max(one.x, other.x);
  const y = Math.max(one.y, other.y);
  const width = Math.min(one.x + one.width, other.x + other.width) - x;
  const height = Math.min(one.y + one.height, other.y + other.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

/** For each label the smallest rectangle around its pixels, null where it has none. */
export function boxes(labels: Uint8Array, width: number, kinds: number): (Rect | null)[] {
  const left = new Int32Array(kinds).fill(width);
  const right = new Int32Array(kinds).fill(-1);
  const top = new Int32Array(kinds).fill(-1);
  const bottom = new Int32Array(kinds);
  const height = labels.length / width;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; ) {
      const label = labels[at] as number;
      const first = x;
      for (; x < width && labels[at] === label; x++) at++;
      if ((top[label] as number) < 0) top[label] = y;
      bottom[label] = y;
      if (first < (left[label] as number)) left[label] = first;
      if (x > (right[label] as number)) right[label] = x;
    }
  }
  return Array.from(top, (y, label) => {
    const [x, end, last] = [left[label] as number, right[label] as number, bottom[label] as number];
    return y < 0 ? null : { x, y, width: end - x, height: last - y + 1 };
  });
}
