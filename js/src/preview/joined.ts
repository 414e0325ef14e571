// Areas that touch and go the same way are one thing: no seam of background may open between them.
import type { Point } from "../paint/geometry";
import { type AreaNumber, KINDS } from "../paint/plane";

type Paths = (area: AreaNumber) => readonly Point[] | undefined;

/** The areas that are left when each gives its pixels to the one before it that it goes along with; `labels` change. */
export function joined(labels: Uint8Array, width: number, areas: readonly AreaNumber[], paths: Paths): AreaNumber[] {
  const left: AreaNumber[] = [];
  const becomes = Uint8Array.from({ length: KINDS }, (_, label) => label);
  for (const area of areas) {
    const below = left.at(-1);
    if (below !== undefined && together(paths(below), paths(area)) && touch(labels, width, becomes, below, area)) {
      becomes[area] = below;
    } else left.push(area);
  }
  if (left.length < areas.length) {
    for (let at = 0; at < labels.length; at++) labels[at] = becomes[labels[at] as number] as number;
  }
  return left;
}

function together(one: readonly Point[] = [], other: readonly Point[] = []): boolean {
  const way = (path: readonly Point[], at: number, axis: 0 | 1) =>
    ((path[at] as Point)[axis] as number) - ((path[0] as Point)[axis] as number);
  return (
    one.length === other.length &&
    one.every((_, at) => ([0, 1] as const).every((axis) => Math.abs(way(one, at, axis) - way(other, at, axis)) < 1e-6))
  );
}

/** Whether pixels of both lie side by side or corner to corner. */
function touch(labels: Uint8Array, width: number, becomes: Uint8Array, below: AreaNumber, area: AreaNumber): boolean {
  const isBelow = (at: number) => becomes[labels[at] ?? 0] === below;
  for (let at = 0, x = 0; at < labels.length; at++, x = x + 1 === width ? 0 : x + 1) {
    if (labels[at] !== area) continue;
    for (let u = x > 0 ? -1 : 0; u <= (x < width - 1 ? 1 : 0); u++) {
      if (isBelow(at + u) || isBelow(at + u - width) || isBelow(at + u + width)) return true;
    }
  }
  return false;
}
