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
/** So many milliseconds after a pen was here a finger is the hand that holds it. */
const RESTING = 300;
/** A second finger within this many milliseconds was meant to pinch from the start; later it is a palm. */
const TOGETHER = 400;

export class Pointers {
  /** Held down: whatever the tool, dragging pans. */
  space = false;

  #gesture: { id: number; gesture: Gesture; touch: boolean; pans: boolean; since: number } | null = null;
  #pinch: { ids: [number, number]; follow(one: Point, two: Point): void } | null = null;
  /** Fingers on the stage and where they are, in CSS pixels of it. */
  readonly #fingers = new Map<number, Point>();
  /** When a pen was last near. Once one has been, fingers no longer draw: they pan. */
  #penned = Number.NEGATIVE_INFINITY;
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
    on("keydown", (event) => {
      if (event.key !== "Escape" || this.#gesture === null) return;
      this.#drop();
      event.preventDefault();
      event.stopPropagation();
    });
    signal.addEventListener("abort", () => this.#finish());
  }

  #down(event: PointerEvent): void {
    const { desk } = this;
    if (desk.document.painting.peek() === null) return;
    this.#measure();
    const spot = this.#spot(event);
    const touch = event.pointerType === "touch";
    if (touch && event.timeStamp - this.#penned < RESTING) return;
    if (touch) this.#fingers.set(event.pointerId, spot.at);
    if (spot.pen) this.#lift(event);
    if (this.#gesture || this.#pinch) {
      this.#second(event);
      return;
    }
    event.preventDefault();
    this.stage.focus({ preventScroll: true });
    this.stage.setPointerCapture(event.pointerId);
    const pans = this.space || event.button === MIDDLE || (touch && this.#penned > 0);
    const gesture = pans ? drag(desk, spot) : this.#begin(spot);
    if (gesture === null) return;
    this.#queue = [];
    this.#gesture = { id: event.pointerId, gesture, touch, pans, since: event.timeStamp };
    this.#hover = { x: event.clientX, y: event.clientY };
    this.surface.schedule();
  }

  #begin(spot: Spot): Gesture | null {
    const { desk } = this;
    const tool = toolOf(desk.tool.peek());
    return spot.erase && !tool.erases ? paint(desk, spot, true) : tool.begin(desk, spot);
  }

  /** A pen is near. Where it comes down, fingers that were there before it are the palm: what they did is undone. */
  #lift({ type, timeStamp }: PointerEvent): void {
    this.#penned = timeStamp;
    if (type !== "pointerdown") return;
    this.#pinch = null;
    this.#fingers.clear();
    if (this.#gesture?.touch) this.#drop();
  }

  /** A second pointer: two fingers that came together pinch, anything else is a palm or a slip. */
  #second(event: PointerEvent): void {
    const current = this.#gesture;
    if (!current?.touch || event.pointerType !== "touch" || event.timeStamp - current.since > TOGETHER) return;
    if (current.pans) this.#finish();
    else this.#drop();
    const ids: [number, number] = [current.id, event.pointerId];
    this.stage.setPointerCapture(event.pointerId);
    const [one, two] = ids.map((id) => this.#fingers.get(id));
    if (one && two) this.#pinch = { ids, ...pinch(this.desk, one, two) };
  }

  #move(event: PointerEvent): void {
    if (event.pointerType === "touch") {
      if (this.#fingers.has(event.pointerId)) this.#fingers.set(event.pointerId, this.#spot(event).at);
    } else {
      if (event.pointerType === "pen") this.#lift(event);
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
    this.#queue.push(this.#spot(event));
    this.#finish();
    if (event.pointerType === "touch") this.#leave();
  }

  /** The host took the pointer away: what was drawn until then stays. But a finger that the system takes back was a palm. */
  #lost(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId);
    if (this.#pinch?.ids.includes(event.pointerId)) this.#pinch = null;
    if (event.pointerId !== this.#gesture?.id) return;
    if (this.#gesture.touch && event.type === "pointercancel") this.#drop();
    else this.#finish();
  }

  #finish(): void {
    const gesture = this.#let();
    if (this.#queue.length > 0) gesture?.move(this.#queue);
    this.#queue = [];
    gesture?.end();
  }

  #drop(): void {
    this.#queue = [];
    this.#let()?.cancel();
  }

  #let(): Gesture | undefined {
    const gesture = this.#gesture?.gesture;
    this.#gesture = null;
    return gesture;
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
    const { pressure = 1, pointerType = "", button, buttons = 0 } = event as Partial<PointerEvent>;
    return {
      at: this.#place(event.clientX, event.clientY),
      pressure,
      pen: pointerType === "pen",
      shift: event.shiftKey,
      alt: event.altKey,
      erase: button === RIGHT || (buttons & PEN_ERASER) > 0,
      time: event.timeStamp,
    };
  }
}
