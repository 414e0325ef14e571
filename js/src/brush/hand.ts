// The keyboard's hand: a crosshair that arrow keys move, and the tool in hand put down and lifted by Enter. To the tools it is a pointer.
import { signal as state } from "@preact/signals";
import { distance, type Point } from "../paint/geometry";
import { NONE } from "../paint/plane";
import { toPicture, toScreen } from "../paint/viewport";
import type { Desk } from "./desk";
import { type Gesture, perDesk, type Spot } from "./tools/tool";
import { areaName, placeOf } from "./words";

/** So many CSS pixels around the crosshair stay in sight. */
const IN_SIGHT = 40;
/** Milliseconds that a CSS pixel takes: a path by keys goes at an even pace, however long one thought between two steps. */
const PACE = 2;

export class Hand {
  /** The crosshair, in pixels of the photo; null while pointers do the drawing. */
  readonly at = state<Point | null>(null);
  /** Whether a tool is down. */
  readonly down = state(false);
  /** Space is held: dragging pans, whatever the tool. */
  readonly grip = state(false);

  #gesture: Gesture | null = null;
  #last: Point | null = null;
  #clock = 0;

  constructor(private readonly desk: Desk) {}

  /** Shows the crosshair: where it was, else where the pointer is, else in the middle of what is seen. */
  show(): Point | null {
    const { document, stage, view, pointer } = this.desk;
    const room = stage.peek();
    if (document.painting.peek() === null || room === null) return null;
    const middle = toPicture(view.peek(), [room.width / 2, room.height / 2]);
    return this.#put(this.at.peek() ?? this.#last ?? pointer.peek() ?? middle);
  }

  /** Moves by so many strides: a quarter of the brush each, or one pixel of the photo. */
  step(dx: number, dy: number, fine: boolean): void {
    const { desk } = this;
    if (desk.tool.peek() === "pan") {
      desk.pan(-dx * IN_SIGHT, -dy * IN_SIGHT);
      return;
    }
    const before = this.show();
    if (before === null) return;
    const stride = fine ? 1 : Math.max(1, Math.round(desk.size.peek() / 4));
    const at = this.#put([before[0] + dx * stride, before[1] + dy * stride]);
    this.#follow(at);
    this.#clock += distance(before, at) * desk.view.peek().scale * PACE;
    this.#gesture?.move([this.#spot(at, false)]);
    const under = desk.document.painting.peek()?.plane.at(at) ?? NONE;
    this.#say(placeOf(at) + (under === NONE ? "" : `, ${areaName(under)}`));
  }

  /** Puts the tool in hand down where the crosshair is, or lifts it. */
  toggle(shift: boolean, time: number): void {
    if (this.#gesture) {
      this.lift(shift);
      return;
    }
    const { desk } = this;
    const hidden = this.at.peek() === null;
    const at = this.show();
    if (at === null) return;
    if (hidden) {
      this.#say(`Crosshair at ${placeOf(at)}`);
      return;
    }
    const tool = desk.inHand;
    this.#clock = time;
    this.#gesture = tool.begin(desk, this.#spot(at, shift));
    if (this.#gesture === null) return;
    // What one selects is mostly under one point.
    if (tool.name === "select" && !shift) {
      this.lift();
      return;
    }
    this.down.value = true;
    this.#say(`${tool.label} down at ${placeOf(at)}`);
  }

  /** Ends what is being drawn; it stays. */
  lift(shift = false): void {
    const gesture = this.#let();
    const at = this.at.peek();
    if (at && shift) gesture?.move([this.#spot(at, true)]);
    gesture?.end();
  }

  /** Drops what is being drawn as if it had never begun; false where there is nothing. */
  cancel(): boolean {
    const gesture = this.#let();
    gesture?.cancel();
    if (gesture) this.#say("Dropped");
    return gesture !== null;
  }

  /** A pointer takes over, or the focus leaves. */
  rest(): void {
    this.lift();
    if (this.at.peek() === null) return;
    this.at.value = null;
    this.desk.pointer.value = null;
    this.desk.hovered.value = null;
  }

  /** What shows where the pointer is shows where the crosshair is. */
  point(): void {
    const at = this.at.peek();
    if (at === null) return;
    this.desk.pointer.value = at;
    if (this.#gesture === null) this.desk.hovered.value = at;
  }

  #let(): Gesture | null {
    const gesture = this.#gesture;
    this.#gesture = null;
    this.down.value = false;
    return gesture;
  }

  /** Onto the middle of a pixel, inside the picture. */
  #put([x, y]: Point): Point {
    const plane = this.desk.document.painting.peek()?.plane;
    const along = (value: number, length = 1) => Math.min(length - 1, Math.max(0, Math.floor(value))) + 0.5;
    const at: Point = [along(x, plane?.width), along(y, plane?.height)];
    this.at.value = at;
    this.#last = at;
    this.point();
    return at;
  }

  #follow(at: Point): void {
    const { stage, view } = this.desk;
    const room = stage.peek();
    if (room === null) return;
    const [x, y] = toScreen(view.peek(), at);
    const over = (value: number, length: number) =>
      Math.max(0, IN_SIGHT - value) || Math.min(0, length - IN_SIGHT - value);
    const [dx, dy] = [over(x, room.width), over(y, room.height)];
    if (dx || dy) this.desk.pan(dx, dy);
  }

  #spot(at: Point, shift: boolean): Spot {
    const place = toScreen(this.desk.view.peek(), at);
    return { at: place, pressure: 1, pen: false, shift, alt: false, time: this.#clock };
  }

  #say(words: string): void {
    this.desk.document.said.value = words;
  }
}

export const handOf = perDesk((desk) => new Hand(desk));
