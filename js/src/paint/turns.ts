// A path turned over, moved, or pulled straight.
import type { Point } from "./geometry";
import type { Path } from "./history";

export type Turn = (points: Path) => Path;

export const backwards: Turn = (points) => points.toReversed();

/** Left for right, or up for down, about a point. */
export function mirror([ax, ay]: Point, upright: boolean): Turn {
  return (points) => points.map(([x, y]) => (upright ? [x, 2 * ay - y] : [2 * ax - x, y]));
}

export function shift(dx: number, dy: number): Turn {
  return (points) => points.map(([x, y]) => [x + dx, y + dy]);
}

/** The place nearest to `to` that lies level, upright or at 45 degrees from `from`. */
export function straight([ax, ay]: Point, [bx, by]: Point): Point {
  const [dx, dy] = [bx - ax, by - ay];
  const turn = (Math.round(Math.atan2(dy, dx) / (Math.PI / 4)) * Math.PI) / 4;
  const [across, down] = [Math.cos(turn), Math.sin(turn)];
  const far = dx * across + dy * down;
  return [ax + across * far, ay + down * far];
}
