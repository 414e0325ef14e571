// What every tool is: a name and a key, a gesture from pointer down to pointer up, and what else it offers while it is in hand.
import type { ComponentChildren, FunctionComponent } from "preact";
import type { Point } from "../../paint/geometry";
import type { Desk } from "../desk";

export type ToolName = "brush" | "eraser" | "select" | "lasso" | "fill" | "path" | "pan";

/** Where a pointer was, in CSS pixels of the stage. */
export interface Spot {
  readonly at: Point;
  /** 0 to 1; only a pen's says something. */
  readonly pressure: number;
  readonly pen: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
  /** The right button or the eraser's end of a pen, for a tool that `erases`. */
  readonly erase?: boolean;
  /** When, in milliseconds of the page's own clock. */
  readonly time: number;
}

/** What a pointer does between going down and coming up. It gets its samples once a frame, in the order they were made. */
export interface Gesture {
  move(spots: readonly Spot[]): void;
  end(): void;
  cancel(): void;
}

export interface DeskProps {
  desk: Desk;
}

/** What is known of a tool before it is used. */
export interface Face {
  readonly name: ToolName;
  /** The accessible name. */
  readonly label: string;
  /** The letter that takes it in hand. */
  readonly key: string;
  /** What it does, for the tooltip and for who has just taken it. */
  readonly hint: string;
  readonly icon: ComponentChildren;
  /** The keys that `press` hears, for the help sheet. */
  readonly keys?: readonly (readonly [shown: string, words: string])[];
  /** Whether the brush's circle shows where it paints. */
  readonly round?: boolean;
  /** Whether it has an answer to the right button; over any other tool that is the eraser. */
  readonly erases?: boolean;
  /** Why it cannot be used now; empty where it can. */
  idle?(desk: Desk): string;
}

/** What a tool does. */
export interface Doing {
  /** A pointer goes down. Null where that was all. */
  begin(desk: Desk, first: Spot): Gesture | null;
  /** Does what a key says while the tool is in hand; false where it says nothing to it. Asked before the brush's own keys; with the
   * keyboard's `crosshair` out, arrows and Enter may be meant for that. */
  press?(event: KeyboardEvent, desk: Desk, crosshair: boolean): boolean;
  /** Another tool is taken in hand. */
  drop?(desk: Desk): void;
  /** What it offers, in the row under the tools. */
  Options?: FunctionComponent<DeskProps>;
  /** What it draws over the picture, as SVG in CSS pixels of the stage. */
  Marks?: FunctionComponent<DeskProps>;
}

export type Tool = Face & Doing;

/** State that a tool keeps for each view; it ends with the view. */
export function perDesk<T>(make: (desk: Desk) => T): (desk: Desk) => T {
  const kept = new WeakMap<Desk, { value: T }>();
  return (desk) => {
    let held = kept.get(desk);
    if (held === undefined) {
      held = { value: make(desk) };
      kept.set(desk, held);
    }
    return held.value;
  };
}
