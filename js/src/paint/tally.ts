// How many pixels each label has and where their middle is, kept up to date tile by tile.
import type { Point, Rect } from "./geometry";
import { KINDS, type Label, NONE, type Plane } from "./plane";

export class Tally {
  readonly #count = new Float64Array(KINDS);
  readonly #x = new Float64Array(KINDS);
  readonly #y = new Float64Array(KINDS);

  /** Adds (or with -1 takes away) the labels of `place`, given row by row, as far as they are `within`. */
  take(labels: Uint8Array, place: Rect, times: 1 | -1, within: Rect = place): void {
    for (let row = within.y; row < within.y + within.height; row++) {
      const start = (row - place.y) * place.width - place.x;
      const end = start + within.x + within.width;
      for (let at = start + within.x; at < end; ) {
        const label = labels[at] as number;
        let next = at + 1;
        while (next < end && labels[next] === label) next++;
        if (label !== NONE) {
          const run = (next - at) * times;
          this.#count[label] = (this.#count[label] as number) + run;
          this.#x[label] = (this.#x[label] as number) + run * ((at + next) / 2 - start);
          this.#y[label] = (this.#y[label] as number) + run * (row + 0.5);
        }
        at = next;
      }
    }
  }

  count(label: Label): number {
    return this.#count[label] as number;
  }

  /** A point of the area near its centre of mass, null for an area without pixels. */
  middle(label: Label, plane: Plane): Point | null {
    const count = this.count(label);
    if (count <= 0) return null;
    const x = (this.#x[label] as number) / count;
    const y = (this.#y[label] as number) / count;
    return nearest(plane, label, x, y) ?? [x, y];
  }
}

/** A ring's centre of mass is in its hole: look along the row and the column for the area itself. */
function nearest(plane: Plane, label: Label, x: number, y: number): Point | null {
  const column = Math.min(plane.width - 1, Math.floor(x));
  const row = Math.min(plane.height - 1, Math.floor(y));
  const is = (cx: number, cy: number) =>
    cx >= 0 && cy >= 0 && cx < plane.width && cy < plane.height && plane.data[cy * plane.width + cx] === label;
  if (is(column, row)) return [x, y];
  for (let away = 1; away < Math.max(plane.width, plane.height); away++) {
    if (is(column, row - away)) return [x, row - away + 0.5];
    if (is(column, row + away)) return [x, row + away + 0.5];
    if (is(column - away, row)) return [column - away + 0.5, y];
    if (is(column + away, row)) return [column + away + 0.5, y];
  }
  return null;
}
