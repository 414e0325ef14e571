// The paint bucket: the pixels around a point that hold the same label and hang together by their sides.
import type { Rect } from "./geometry";
import type { Label, Plane } from "./plane";

/** Says each span to `touch` before it changes. Pixel (`x`, `y`) must be inside the plane. */
export function flood(plane: Plane, x: number, y: number, label: Label, touch: (span: Rect) => void): Rect | null {
  const { width, height, data } = plane;
  const was = data[y * width + x];
  if (was === label) return null;
  let left = x;
  let right = x;
  let top = y;
  let bottom = y;
  const seeds: number[] = [y * width + x];

  /** Puts one seed on every stretch of the old label beside the span. */
  const look = (row: number, first: number, last: number) => {
    if (row < 0 || row >= height) return;
    const start = row * width;
    for (let at = start + first; at <= start + last; at++) {
      if (data[at] === was && (at === start + last || data[at + 1] !== was)) seeds.push(at);
    }
  };

  for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) {
    if (data[seed] !== was) continue;
    const row = Math.floor(seed / width);
    const start = row * width;
    let first = seed - start;
    let last = first;
    while (first > 0 && data[start + first - 1] === was) first--;
    while (last < width - 1 && data[start + last + 1] === was) last++;
    touch({ x: first, y: row, width: last - first + 1, height: 1 });
    data.fill(label, start + first, start + last + 1);
    left = Math.min(left, first);
    right = Math.max(right, last);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
    look(row - 1, first, last);
    look(row + 1, first, last);
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
