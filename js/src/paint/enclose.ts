// The lasso's work: what an outline goes round takes a label.
import { cover, type Point } from "./geometry";
import type { Painting } from "./painting";
import type { Label } from "./plane";
import { polygonBounds, scanPolygon } from "./polygon";

/** Fills what a closed outline goes round; parts beyond the picture count, but have no pixels. */
export function enclose({ plane, history, protect }: Painting, outline: readonly Point[], label: Label): void {
  const bounds = cover(...polygonBounds(outline), plane.width, plane.height);
  if (bounds === null) return;
  scanPolygon(outline, bounds, (row, first, last) => {
    history.touch({ x: first, y: row, width: last - first + 1, height: 1 });
    plane.run(row * plane.width + first, row * plane.width + last + 1, label, protect);
  });
}
