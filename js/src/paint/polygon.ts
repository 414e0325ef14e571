// What an outline goes round: every pixel whose centre has a winding number other than nought. So a loop that crosses itself
// has no hole where the hand went round twice, which even-odd would cut.
import type { Point, Rect } from "./geometry";

export function polygonBounds(outline: readonly Point[]): [left: number, top: number, right: number, bottom: number] {
  const bounds: [number, number, number, number] = [
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  for (const [x, y] of outline) {
    bounds[0] = Math.min(bounds[0], x);
    bounds[1] = Math.min(bounds[1], y);
    bounds[2] = Math.max(bounds[2], x);
    bounds[3] = Math.max(bounds[3], y);
  }
  return bounds;
}

/** Says each span of pixels inside the outline and inside `bounds`, row by row: columns `first` to `last`. */
export function scanPolygon(
  outline: readonly Point[],
  bounds: Rect,
  span: (row: number, first: number, last: number) => void,
): void {
  const right = bounds.x + bounds.width - 1;
  crossings(outline, bounds).forEach((line, at) => {
    line.sort((one, other) => one.x - other.x);
    let winding = 0;
    line.forEach(({ x, way }, next) => {
      const inside = winding !== 0;
      const before = line[next - 1];
      if (inside && before) {
        const first = Math.max(bounds.x, Math.ceil(before.x - 0.5));
        const last = Math.min(right, Math.ceil(x - 0.5) - 1);
        if (first <= last) span(bounds.y + at, first, last);
      }
      winding += way;
    });
  });
}

interface Crossing {
  readonly x: number;
  /** 1 where the outline goes down, -1 where it goes up. */
  readonly way: 1 | -1;
}

/** Where the outline, closed, crosses the middle of each row. An edge owns its upper end and not its lower one. */
function crossings(outline: readonly Point[], { y, height }: Rect): Crossing[][] {
  const rows: Crossing[][] = Array.from({ length: height }, () => []);
  outline.forEach((from, at) => {
    const to = outline[(at + 1) % outline.length] as Point;
    const [[ax, ay], [bx, by], way] = from[1] < to[1] ? ([from, to, 1] as const) : ([to, from, -1] as const);
    const last = Math.min(y + height, Math.ceil(by - 0.5));
    for (let row = Math.max(y, Math.ceil(ay - 0.5)); row < last; row++) {
      rows[row - y]?.push({ x: ax + ((row + 0.5 - ay) / (by - ay)) * (bx - ax), way });
    }
  });
  return rows;
}
