// From the browser's pointer events to gestures: which finger counts, which button means what, one drain a frame.
import type { Point } from "../paint/geometry";
import { toPicture } from "../paint/viewport";
import type { Desk } from "./desk";
import type { Surface } from "./surface";
import { toolOf } from "./tools/all";
import { paint } from "./tools/brush";
import { drag, pinch } from "./tools/pan";
import type { Gesture, Spot } from "./tools/tool";

const RIGHT = 2;
const MIDDLE = 1;
/** The eraser end of a pen, as a bit of `buttons`. */
const PEN_ERASER = 32;
/** A second finger within this many milliseconds was meant to pinch from the start; later it is a palm. */
const TOGETHER = 400;

export class Pointers {
  /** Held down: whatever the tool, dragging pans. */
  space = false;

  #gesture: { id: number; gesture: Gesture; touch: boolean; since: number } | null = null;
  #pinch: { ids: [number, number]; follow(one: Point, two: Point): void } | null = null;
  /** Fingers on the stage and where they are, in CSS pixels of it. */
  readonly #fingers = new Map<number, Point>();
  /** Once a pen has been here a finger is the hand that holds it: it pans. */
  #penned = false;
  #queue: Spot[] = [];
  #hover: { x: number; y: number } | null = null;
  #box = { left: 0, top: 0, shrink: 1 };

  constructor(
    private readonly stage: HTMLElement,
    private readonly desk: Desk,
    private readonly surface: Surface,
    signal: AbortSignal,
  ) {
    surface.beforeFrame = () => this.#drain();
    const on = <K extends keyof HTMLElementEventMap>(kind: K, hear: (event: HTMLElementEventMap[K]) => void) =>
      stage.addEventListener(kind, hear, { signal, passive: false });
    on("pointerdown", (event) => this.#down(event));
    on("pointermove", (event) => this.#move(event));
    on("pointerup", (event) => this.#up(event));
    on("pointercancel", (event) => this.#lost(event));
    on("lostpointercapture", (event) => this.#lost(event));
    on("pointerleave", () => this.#leave());
    on("contextmenu", (event) => event.preventDefault());
    on("wheel", (event) => this.#wheel(event));
  }

  #down(event: PointerEvent): void {
    const { desk } = this;
    if (desk.document.painting.peek() === null) return;
    this.#measure();
    const spot = this.#spot(event);
    if (event.pointerType === "pen") this.#penned = true;
    if (event.pointerType === "touch") this.#fingers.set(event.pointerId, spot.at);
    if (this.#gesture || this.#pinch) {
      this.#second(event);
      return;
    }
    event.preventDefault();
    this.stage.focus({ preventScroll: true });
    const gesture = this.#begin(event, spot);
    if (gesture === null) return;
    this.stage.setPointerCapture(event.pointerId);
    this.#queue = [];
    this.#gesture = {
      id: event.pointerId,
      gesture,
      touch: event.pointerType === "touch",
      since: event.timeStamp,
    };
    this.#hover = { x: event.clientX, y: event.clientY };
    this.surface.schedule();
  }

  #begin(event: PointerEvent, spot: Spot): Gesture | null {
    const { desk } = this;
    if (this.space || event.button === MIDDLE) return drag(desk, spot);
    if (event.pointerType === "touch" && this.#penned) return drag(desk, spot);
    if (event.button === RIGHT || event.buttons & PEN_ERASER) return paint(desk, spot, true);
    return toolOf(desk.tool.peek()).begin(desk, spot);
  }

  /** A second pointer: two fingers that came together pinch, anything else is a palm or a slip. */
  #second(event: PointerEvent): void {
    const current = this.#gesture;
    if (!current?.touch || event.pointerType !== "touch" || event.timeStamp - current.since > TOGETHER) return;
    current.gesture.cancel();
    this.#gesture = null;
    this.#queue = [];
    const ids: [number, number] = [current.id, event.pointerId];
    this.stage.setPointerCapture(event.pointerId);
    const [one, two] = ids.map((id) => this.#fingers.get(id));
    if (one && two) this.#pinch = { ids, ...pinch(this.desk, one, two) };
  }

  #move(event: PointerEvent): void {
    if (event.pointerType === "touch") {
      if (this.#fingers.has(event.pointerId)) this.#fingers.set(event.pointerId, this.#spot(event).at);
    } else {
      this.#hover = { x: event.clientX, y: event.clientY };
    }
    if (event.pointerId === this.#gesture?.id) {
      // Absent on pages served by plain http, and then the event itself is all there is.
      const all = event.getCoalescedEvents?.() ?? [];
      for (const each of all.length > 0 ? all : [event]) this.#queue.push(this.#spot(each));
      if (event.pointerType === "touch") this.#hover = { x: event.clientX, y: event.clientY };
    }
    this.surface.schedule();
  }

  #up(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId);
    if (this.#pinch?.ids.includes(event.pointerId)) this.#pinch = null;
    if (event.pointerId !== this.#gesture?.id) return;
    const { gesture } = this.#gesture;
    this.#gesture = null;
    gesture.move([...this.#queue, this.#spot(event)]);
    this.#queue = [];
    gesture.end();
    if (event.pointerType === "touch") this.#leave();
  }

  /** The host took the pointer away: what was drawn until then stays. */
  #lost(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId);
    if (this.#pinch?.ids.includes(event.pointerId)) this.#pinch = null;
    if (event.pointerId !== this.#gesture?.id) return;
    const { gesture } = this.#gesture;
    this.#gesture = null;
    gesture.move(this.#queue);
    this.#queue = [];
    gesture.end();
  }

  #leave(): void {
    if (this.#gesture) return;
    this.#hover = null;
    this.surface.schedule();
  }

  #wheel(event: WheelEvent): void {
    const meant = event.ctrlKey || event.metaKey;
    if (!meant && !this.stage.matches(":focus")) return;
    this.#measure();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const turn = Math.min(40, Math.max(-40, event.deltaY * lines));
    const zoomed = this.desk.zoom(Math.exp(-turn / 100), this.#spot(event).at);
    // Where there is nothing more to zoom, the wheel is the notebook's again; the browser's own zoom it never is.
    if (zoomed || meant) event.preventDefault();
  }

  #drain(): void {
    this.#measure();
    if (this.#pinch) {
      const [one, two] = this.#pinch.ids.map((id) => this.#fingers.get(id));
      if (one && two) this.#pinch.follow(one, two);
    }
    if (this.#gesture && this.#queue.length > 0) {
      const spots = this.#queue;
      this.#queue = [];
      this.#gesture.gesture.move(spots);
    }
    const at = this.#hover && this.#place(this.#hover.x, this.#hover.y);
    this.desk.pointer.value = at && toPicture(this.desk.view.peek(), at);
    if (this.#gesture === null) this.desk.hovered.value = this.desk.pointer.value;
  }

  /** Once a frame: the notebook may scroll under a stroke, and some hosts shrink their outputs. */
  #measure(): void {
    const box = this.stage.getBoundingClientRect();
    this.#box = { left: box.left, top: box.top, shrink: box.width > 0 ? this.stage.clientWidth / box.width : 1 };
  }

  #place(x: number, y: number): Point {
    const { left, top, shrink } = this.#box;
    return [(x - left) * shrink, (y - top) * shrink];
  }

  #spot(event: MouseEvent): Spot {
    const { pressure = 1, pointerType = "" } = event as Partial<PointerEvent>;
    return {
      at: this.#place(event.clientX, event.clientY),
      pressure,
      pen: pointerType === "pen",
      shift: event.shiftKey,
      alt: event.altKey,
      time: event.timeStamp,
    };
  }
}
