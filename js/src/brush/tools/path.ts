// The way an area goes, drawn by hand.
import type { Point } from "../../paint/geometry";
import { pathLength, simplify } from "../../paint/path";
import { STATIC } from "../../paint/plane";
import { toPicture } from "../../paint/viewport";
import { path as icon } from "../../ui/icons";
import type { Desk } from "../desk";
import type { Gesture, Spot, Tool } from "./tool";

/** A path by hand keeps within this many CSS pixels of what was drawn. */
const TOLERANCE = 0.75;
/** Shorter than this (CSS pixels) it was a click, not a path. */
const SHORTEST = 6;

function draw(desk: Desk, first: Spot): Gesture {
  const points: Point[] = [];
  let straight = false;
  const move = (spots: readonly Spot[]) => {
    for (const { at, shift } of spots) {
      points.push(toPicture(desk.view.peek(), at));
      straight = shift;
    }
    desk.draft.value = straight ? endsOf(points) : points.slice();
  };
  move([first]);
  return {
    move,
    end() {
      const { scale } = desk.view.peek();
      desk.draft.value = null;
      if (pathLength(points) * scale < SHORTEST) {
        desk.document.said.value = "A path needs a start and an end: press, drag and let go";
        return;
      }
      desk.setPath(straight ? endsOf(points) : simplify(points, TOLERANCE / scale));
    },
    cancel() {
      desk.draft.value = null;
    },
  };
}

function endsOf(points: readonly Point[]): Point[] {
  return [points[0] as Point, points[points.length - 1] as Point];
}

export const path: Tool = {
  name: "path",
  label: "Path",
  key: "p",
  hint: "Draws where the area goes; with Shift straight",
  icon,
  idle: (desk) =>
    desk.area.value === STATIC ? "the static area stays still, so it has no path: choose an area first" : "",
  begin: draw,
};
