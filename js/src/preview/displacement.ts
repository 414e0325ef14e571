// Where a moved area stands at a given time: points equally spaced over the whole duration, linear between two, at rest before and after.
import { between, type Point } from "../paint/geometry";

/** How far from its first point the path has come. Held to tests/motion/*.json, as the emulator's film is. */
export function displacement(path: readonly Point[], duration: number, time: number): Point {
  const [first, last] = [path[0], path[path.length - 1]];
  if (!first || !last) return [0, 0];
  const where = Math.min(1, Math.max(0, time / duration)) * (path.length - 1);
  const leg = Math.floor(where);
  const [x, y] = between(path[leg] ?? last, path[leg + 1] ?? last, where - leg);
  return [x - first[0], y - first[1]];
}
