// What can be done to an area as a whole. Each looks and writes only around it; the painting's history hears of it.
import { cover, type Rect } from "./geometry";
import { near, smooth } from "./morph";
import type { Painting } from "./painting";
import { isArea, type Label, NONE, type Plane } from "./plane";

/** How far one step of growing or shrinking goes, in pixels: enough to see, on a photo of any size. */
export function stepOf({ width, height }: Plane): number {
  return Math.max(2, Math.round(Math.max(width, height) * 0.004));
}

export function grow(painting: Painting, label: Label): void {
  const step = stepOf(painting.plane);
  reshape(painting, label, step, (mask, { width, height }) => near(mask, 1, width, height, step), 1);
}

/** Where the picture cuts the area off nothing is taken away: it goes on beyond. */
export function shrink(painting: Painting, label: Label): void {
  const step = stepOf(painting.plane);
  reshape(painting, label, 1, (mask, { width, height }) => near(mask, 0, width, height, step), 0);
}

export function smoothen(painting: Painting, label: Label): void {
  const radius = Math.ceil(stepOf(painting.plane) * 0.6);
  reshape(painting, label, 2 * radius, (mask, { width, height }) => smooth(mask, width, height, radius), 1);
}

/** What was nothing becomes the area and the area nothing; other areas stay. */
export function invert(painting: Painting, label: Label): void {
  trade(painting, painting.whole, NONE, label);
}

/** Pixels and paths change places. The static area has no path, so with it the path stays where it is. */
export function swap(painting: Painting, one: Label, other: Label): void {
  const rect = around(painting.plane, [one, other]);
  if (rect) trade(painting, rect, one, other);
  if (!isArea(one) || !isArea(other)) return;
  const [first, second] = [painting.paths.get(one), painting.paths.get(other)];
  painting.setPath(one, second ?? null);
  painting.setPath(other, first ?? null);
}

function trade({ plane, history }: Painting, rect: Rect, one: Label, other: Label): void {
  const { data } = plane;
  history.touch(rect);
  for (let row = rect.y; row < rect.y + rect.height; row++) {
    const end = row * plane.width + rect.x + rect.width;
    for (let at = end - rect.width; at < end; at++) {
      const was = data[at];
      if (was === one) data[at] = other;
      else if (was === other) data[at] = one;
    }
  }
}

/** Where `work`, given the area's mask, says `stays`, the area is; elsewhere it is not. The mask reaches `margin` beyond it. */
function reshape(
  { plane, history, protect }: Painting,
  label: Label,
  margin: number,
  work: (mask: Uint8Array, box: Rect) => Uint8Array,
  stays: 0 | 1,
): void {
  const rect = around(plane, [label]);
  if (rect === null) return;
  const [x, y] = [rect.x - margin, rect.y - margin];
  const box = { x, y, width: rect.width + 2 * margin, height: rect.height + 2 * margin };
  const place = cover(x, y, x + box.width, y + box.height, plane.width, plane.height);
  if (place === null) return;
  const after = work(maskOf(plane, box, label), box);
  const { data } = plane;
  history.touch(place);
  for (let row = place.y; row < place.y + place.height; row++) {
    const end = row * plane.width + place.x + place.width;
    const ahead = (row - y) * box.width + place.x + place.width - x - end;
    for (let at = end - place.width; at < end; at++) {
      const was = data[at];
      if (after[at + ahead] !== stays) {
        if (was === label) data[at] = NONE;
      } else if (was !== label && (protect === null || was === NONE || was === protect)) data[at] = label;
    }
  }
}

/** One where the label is. Beyond the picture its outermost pixels go on, so that no edge counts as the area's. */
function maskOf(plane: Plane, { x, y, width, height }: Rect, label: Label): Uint8Array {
  const { data } = plane;
  const mask = new Uint8Array(width * height);
  const [left, right] = [Math.max(0, -x), Math.min(width, plane.width - x)];
  for (let row = 0; row < height; row++) {
    const start = row * width;
    const ahead = Math.min(plane.height - 1, Math.max(0, y + row)) * plane.width + x - start;
    for (let at = start + left; at < start + right; at++) if (data[at + ahead] === label) mask[at] = 1;
    mask.fill(mask[start + left] as number, start, start + left);
    mask.fill(mask[start + right - 1] as number, start + right, start + width);
  }
  return mask;
}

/** The smallest rectangle around every pixel of these labels. */
function around({ data, width, height }: Plane, labels: readonly Label[]): Rect | null {
  let [left, right, top, bottom] = [width, -1, -1, -1];
  for (let row = 0; row < height; row++) {
    const line = data.subarray(row * width, (row + 1) * width);
    for (const label of labels) {
      const first = line.indexOf(label);
      if (first < 0) continue;
      left = Math.min(left, first);
      right = Math.max(right, line.lastIndexOf(label));
      if (top < 0) top = row;
      bottom = row;
    }
  }
  return top < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
