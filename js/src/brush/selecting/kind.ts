// A click, a scribble or a loop?
import { distance, type Point } from "../../paint/geometry";
import { pathLength } from "../../paint/path";
import type { Seed } from "./selection";

/** In CSS pixels: up to here a press that moved was a click. */
const SLOP = 4;
/** A loop ends within this share of its length from where it began, and goes round so much of what a circle would. */
const HOME = 0.2;
const ROUND = 0.2;

/** What was drawn, at so many CSS pixels for one of the photo. */
export function kindOf(points: readonly Point[], scale: number): Seed["kind"] {
  const [first, last] = [points[0] as Point, points[points.length - 1] as Point];
  if (points.every((point) => distance(first, point) * scale < SLOP)) return "click";
  const closes = distance(first, last) < pathLength(points) * HOME;
  return closes && roundness(points) > ROUND ? "loop" : "scribble";
}

/** How much a closed line goes round, of what a circle of its length would: 0 to 1. */
function roundness(points: readonly Point[]): number {
  let twice = 0;
  let [px, py] = points[points.length - 1] as Point;
  for (const [x, y] of points) {
    twice += px * y - x * py;
    [px, py] = [x, y];
  }
  return (2 * Math.PI * Math.abs(twice)) / pathLength(points) ** 2;
}
