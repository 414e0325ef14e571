// How the brush speaks of areas, numbers and paths.
import { distance, type Point } from "../paint/geometry";
import { pathLength } from "../paint/path";
import { type Label, STATIC } from "../paint/plane";

export function areaName(label: Label): string {
  return label === STATIC ? "Static area" : `Area ${label}`;
}

/** A share of the picture: "4.1 %", and never "0.0 %" of something that is there. */
export function inPercent(share: number): string {
  if (share > 0 && share < 0.0005) return "under 0.1 %";
  return `${(share * 100).toFixed(1)} %`;
}

/** The pixel at a point of the picture: "120, 80". */
export function placeOf([x, y]: Point): string {
  return `${Math.floor(x)}, ${Math.floor(y)}`;
}

/** For those who do not see it: "path of 23 points, to the right and up". */
export function pathInWords(path: readonly Point[]): string {
  const way = wayOf(path);
  return `path of ${path.length} points${way && `, ${way}`}`;
}

function wayOf(path: readonly Point[]): string {
  const [first, last] = [path[0], path[path.length - 1]];
  if (!first || !last) return "";
  const far = distance(first, last);
  if (far < pathLength(path) * 0.15) return "back to where it starts";
  const [dx, dy] = [last[0] - first[0], last[1] - first[1]];
  // Within a sixth of a right angle it goes along one axis.
  const across = Math.abs(dx) > far * 0.26 && (dx > 0 ? "to the right" : "to the left");
  const along = Math.abs(dy) > far * 0.26 && (dy > 0 ? "down" : "up");
  return [across, along].filter(Boolean).join(" and ");
}
