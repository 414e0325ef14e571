// A brush's mark between two points: every pixel whose centre is within `radius` of the line between them.
import { cover, type Point, type Rect } from "./geometry";
import type { Label, Plane } from "./plane";

export function capsuleBounds([ax, ay]: Point, [bx, by]: Point, radius: number, plane: Plane): Rect | null {
  return cover(
    Math.min(ax, bx) - radius,
    Math.min(ay, by) - radius,
    Math.max(ax, bx) + radius,
    Math.max(ay, by) + radius,
    plane.width,
    plane.height,
  );
}

/** Fills inside `bounds`, one span a row: a capsule is convex, so a row meets it once. For `own` see Plane.run. */
export function fillCapsule(
  plane: Plane,
  [ax, ay]: Point,
  [bx, by]: Point,
  radius: number,
  label: Label,
  bounds: Rect,
  own: Label | null = null,
) {
  const dx = bx - ax;
  const dy = by - ay;
  const length = Math.hypot(dx, dy);
  // The two long sides run beside a-b at this offset.
  const sideX = length > 0 ? (-dy / length) * radius : 0;
  const sideY = length > 0 ? (dx / length) * radius : 0;
  const square = radius * radius;

  for (let row = bounds.y; row < bounds.y + bounds.height; row++) {
    const y = row + 0.5;
    let left = Number.POSITIVE_INFINITY;
    let right = Number.NEGATIVE_INFINITY;
    const atA = square - (y - ay) * (y - ay);
    if (atA >= 0) {
      const half = Math.sqrt(atA);
      left = ax - half;
      right = ax + half;
    }
    const atB = square - (y - by) * (y - by);
    if (atB >= 0) {
      const half = Math.sqrt(atB);
      left = Math.min(left, bx - half);
      right = Math.max(right, bx + half);
    }
    if (dy !== 0) {
      for (let side = -1; side <= 1; side += 2) {
        const share = (y - ay - side * sideY) / dy;
        if (share < 0 || share > 1) continue;
        const x = ax + side * sideX + share * dx;
        left = Math.min(left, x);
        right = Math.max(right, x);
      }
    }
    const first = Math.max(bounds.x, Math.ceil(left - 0.5));
    const last = Math.min(bounds.x + bounds.width - 1, Math.floor(right - 0.5));
    if (first <= last) plane.run(row * plane.width + first, row * plane.width + last + 1, label, own);
  }
}
