// Moving the picture under the hand: by one pointer, or by two fingers that also zoom.
import { distance, type Point } from "../../paint/geometry";
import { pan as icon } from "../../ui/icons";
import type { Desk } from "../desk";
import type { Gesture, Spot, Tool } from "./tool";

export function drag(desk: Desk, first: Spot): Gesture {
  let [x, y] = first.at;
  const before = desk.view.peek();
  return {
    move(spots) {
      const last = spots[spots.length - 1];
      if (last === undefined) return;
      desk.pan(last.at[0] - x, last.at[1] - y);
      [x, y] = last.at;
    },
    end() {},
    cancel() {
      desk.view.value = before;
    },
  };
}

/** Two fingers: their middle pans, their distance zooms. `follow` says where both are now. */
export function pinch(desk: Desk, first: Point, second: Point): { follow(one: Point, two: Point): void } {
  let apart = Math.max(1, distance(first, second));
  let middle = middleOf(first, second);
  return {
    follow(one, two) {
      const now = middleOf(one, two);
      const wide = Math.max(1, distance(one, two));
      desk.pan(now[0] - middle[0], now[1] - middle[1]);
      desk.zoom(wide / apart, now);
      apart = wide;
      middle = now;
    },
  };
}

function middleOf([ax, ay]: Point, [bx, by]: Point): Point {
  return [(ax + bx) / 2, (ay + by) / 2];
}

export const pan: Tool = {
  name: "pan",
  label: "Pan",
  key: "h",
  hint: "Moves the picture; hold Space for it with any tool",
  icon,
  begin: drag,
};
