// Points and rectangles. The origin is the top-left corner of the picture; pixel (0, 0) covers 0 <= x, y < 1.

export type Point = readonly [x: number, y: number];

/** Whole pixels: the first column and row, and how many of each. Never empty: where there is nothing there is null. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The whole pixels that `left..right`, `top..bottom` touches inside a picture of that size. */
export function cover(
  left: number,
  top: number,
  right: number,
  bottom: number,
  width: number,
  height: number,
): Rect | null {
  const x = Math.max(0, Math.floor(left));
  const y = Math.max(0, Math.floor(top));
  const across = Math.min(width, Math.ceil(right)) - x;
  const down = Math.min(height, Math.ceil(bottom)) - y;
  return across > 0 && down > 0 ? { x, y, width: across, height: down } : null;
}

export function union(one: Rect | null, other: Rect | null): Rect | null {
  if (one === null || other === null) return one ?? other;
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  return {
    x,
    y,
    width: Math.max(one.x + one.width, other.x + other.width) - x,
    height: Math.max(one.y + one.height, other.y + other.height) - y,
  };
}

export function distance([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(bx - ax, by - ay);
}

export function between([ax, ay]: Point, [bx, by]: Point, share: number): Point {
  return [ax + (bx - ax) * share, ay + (by - ay) * share];
}
