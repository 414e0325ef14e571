// The truth of a drawing: one label a pixel of the original photo. Areas are disjoint; what is painted last wins.
import type { Point, Rect } from "./geometry";

export const NONE = 0;
export const AREAS = [1, 2, 3, 4, 5, 6] as const;
export const STATIC = 7;
export const KINDS = 8;

export type AreaNumber = (typeof AREAS)[number];
/** What a pixel may hold: 0 nothing, 1 to 6 a moving area, 7 the static area. */
export type Label = typeof NONE | AreaNumber | typeof STATIC;

export function isArea(label: Label): label is AreaNumber {
  return label !== NONE && label !== STATIC;
}

export class Plane {
  constructor(
    readonly width: number,
    readonly height: number,
    /** Row by row from the top, one byte a pixel. */
    readonly data: Uint8Array = new Uint8Array(width * height),
  ) {
    if (data.length !== width * height) throw new RangeError(`${data.length} labels for ${width} x ${height} pixels`);
  }

  /** What the pixel at a point of the picture holds; nothing outside of it. */
  at([x, y]: Point): Label {
    const inside = x >= 0 && y >= 0 && x < this.width && y < this.height;
    return inside ? (this.data[Math.floor(y) * this.width + Math.floor(x)] as Label) : NONE;
  }

  /** A copy of the labels inside `rect`, row by row. */
  crop({ x, y, width, height }: Rect): Uint8Array<ArrayBuffer> {
    const labels = new Uint8Array(width * height);
    for (let row = 0; row < height; row++) {
      const at = (y + row) * this.width + x;
      labels.set(this.data.subarray(at, at + width), row * width);
    }
    return labels;
  }

  /** Lays `label` on the pixels from `start` to before `end`; with `own` only where there is nothing or `own`. */
  run(start: number, end: number, label: Label, own: Label | null): void {
    const { data } = this;
    if (own === null) data.fill(label, start, end);
    else for (let at = start; at < end; at++) if (data[at] === NONE || data[at] === own) data[at] = label;
  }

  paste({ x, y, width, height }: Rect, labels: Uint8Array): void {
    for (let row = 0; row < height; row++) {
      this.data.set(labels.subarray(row * width, (row + 1) * width), (y + row) * this.width + x);
    }
  }
}
