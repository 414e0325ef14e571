// The pixel of an area that is nearest to a point.
import type { Point } from "./geometry";
import type { Label, Plane } from "./plane";

/** None further than `reach`; null where there is none. Row by row away from the point, as long as a nearer one may be found. */
export function nearestPixel({ data, width, height }: Plane, label: Label, [x, y]: Point, reach: number): Point | null {
  const inside = (value: number, length: number) => Math.min(length - 1, Math.max(0, Math.round(value)));
  const column = inside(x, width);
  const middle = inside(y, height);
  let best: Point | null = null;
  let near = reach;
  for (let away = 0; away <= near && away < height; away++) {
    for (const row of [middle - away, middle + away]) {
      if (row < 0 || row >= height) continue;
      const line = data.subarray(row * width, (row + 1) * width);
      for (const at of [line.lastIndexOf(label, column), line.indexOf(label, column)]) {
        const far = Math.hypot(at - x, row - y);
        if (at < 0 || far > near) continue;
        near = far;
        best = [at, row];
      }
    }
  }
  return best;
}
