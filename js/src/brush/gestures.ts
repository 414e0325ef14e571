// What a pointer does between going down and coming up. A gesture gets its samples once a frame, in the order they were made.
import { distance, type Point } from "../paint/geometry";
import { pathLength, simplify } from "../paint/path";
import { type Label, NONE } from "../paint/plane";
import { type Sample, Stroke } from "../paint/stroke";
import { toPicture } from "../paint/viewport";
import type { Desk } from "./desk";

/** Where a pointer was, in CSS pixels of the stage. */
export interface Spot {
  readonly at: Point;
  /** 0 to 1; only a pen's says something. */
  readonly pressure: number;
  readonly pen: boolean;
  readonly shift: boolean;
}

export interface Gesture {
  move(spots: readonly Spot[]): void;
  end(): void;
  cancel(): void;
}

/** A path by hand keeps within this many CSS pixels of what was drawn. */
const TOLERANCE = 0.75;
/** Shorter than this (CSS pixels) it was a click, not a path. */
const SHORTEST = 6;

/** Where the last stroke of a desk ended: shift and a click draw a line from there. */
const ends = new WeakMap<Desk, Sample>();

export function paint(desk: Desk, first: Spot, erase: boolean): Gesture {
  const { document } = desk;
  const label: Label = erase ? NONE : desk.area.peek();
  const stroke = new Stroke((from, to, radius) => document.lay(from, to, radius, label));
  const sample = ({ at, pressure, pen }: Spot): Sample => ({
    at: toPicture(desk.view.peek(), at),
    radius: (desk.size.peek() / 2) * (pen ? 0.2 + 0.8 * pressure : 1),
  });
  const move = (spots: readonly Spot[]) => {
    for (const spot of spots) stroke.to(sample(spot));
  };
  document.begin();
  const start = ends.get(desk);
  if (first.shift && start) stroke.to(start);
  move([first]);
  return {
    move,
    end() {
      if (stroke.end) ends.set(desk, stroke.end);
      document.end(label);
    },
    cancel: () => document.cancel(),
  };
}

export function path(desk: Desk, first: Spot): Gesture {
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

export function pan(desk: Desk, first: Spot): Gesture {
  let [x, y] = first.at;
  return {
    move(spots) {
      const last = spots[spots.length - 1];
      if (last === undefined) return;
      desk.pan(last.at[0] - x, last.at[1] - y);
      [x, y] = last.at;
    },
    end() {},
    cancel() {},
  };
}

/** Two fingers: their middle pans, their distance zooms. `other` says where the second finger is now. */
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

function endsOf(points: readonly Point[]): Point[] {
  return [points[0] as Point, points[points.length - 1] as Point];
}
