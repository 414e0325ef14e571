// What one view keeps to itself and Python never hears: tool, area in hand, brush size, zoom, pointer.
import type { AnyModel } from "@anywidget/types";
import { effect, signal as state } from "@preact/signals";
import type { Point } from "../paint/geometry";
import { AREAS, type Label, STATIC } from "../paint/plane";
import { fit, panBy, type Size, type Viewport, zoomAt } from "../paint/viewport";
import type { BrushDocument } from "./document";
import { stop, toggle } from "./play";
import { documentOf } from "./shelf";
import { TOOLS, toolOf } from "./tools/all";
import type { Tool, ToolName } from "./tools/tool";

export class Desk {
  /** All there are. */
  readonly tools = TOOLS;
  readonly tool = state<ToolName>("brush");
  /** Never 0: the eraser is a tool, not an area. */
  readonly area = state<Label>(1);
  /** The brush's diameter in pixels of the original photo. */
  readonly size = state(40);
  readonly largest = state(160);
  /** Of the stage, in CSS pixels; nothing until it is laid out. */
  readonly stage = state<Size | null>(null);
  readonly view = state<Viewport>({ scale: 1, x: 0, y: 0 });
  /** Whether the view follows the stage's size; zooming or panning by hand ends that. */
  readonly fitted = state(true);
  /** Where the pointer is, in pixels of the photo. */
  readonly pointer = state<Point | null>(null);
  /** As `pointer`, but at rest while something is being drawn: words need not follow a stroke. */
  readonly hovered = state<Point | null>(null);
  /** Whether tools leave other areas than the one in hand alone. */
  readonly protect = state(false);
  /** Whether the help sheet is open. */
  readonly help = state(false);
  /** Of the film, in seconds. */
  readonly duration = state(5);
  /** The path being drawn. */
  readonly draft = state<readonly Point[] | null>(null);

  constructor(
    readonly document: BrushDocument,
    signal: AbortSignal,
  ) {
    const stops = [
      effect(() => {
        const painting = document.painting.value;
        if (painting === null) return;
        const long = Math.max(painting.plane.width, painting.plane.height);
        this.largest.value = Math.max(8, Math.round(long / 4));
        this.size.value = Math.max(2, Math.round(long / 16));
        this.fitted.value = true;
      }),
      effect(() => {
        const painting = document.painting.value;
        const stage = this.stage.value;
        if (painting && stage && this.fitted.value) this.view.value = fit(painting.plane, stage);
      }),
    ];
    signal.addEventListener("abort", () => {
      for (const stop of stops) stop();
    });
  }

  get inHand(): Tool {
    return toolOf(this.tool.peek());
  }

  /** Plays the preview, or pauses it. */
  play(): void {
    toggle(this);
  }

  choose(name: ToolName): void {
    stop(this);
    const before = this.tool.value;
    if (name === before || toolOf(name).idle?.(this)) return;
    toolOf(before).drop?.(this);
    this.tool.value = name;
  }

  /** Takes an area in hand. A tool that has no use for it becomes the brush. */
  take(area: Label): void {
    stop(this);
    this.area.value = area;
    if (toolOf(this.tool.value).idle?.(this)) this.choose("brush");
  }

  /** Tells the painting what is protected. Said before each work, since two views of one drawing may differ. */
  guard(): void {
    const painting = this.document.painting.peek();
    if (painting) painting.protect = this.protect.peek() ? this.area.peek() : null;
  }

  resize(size: number): void {
    this.size.value = Math.min(this.largest.value, Math.max(1, Math.round(size)));
  }

  /** Whether that changed anything. */
  zoom(factor: number, at?: Point): boolean {
    const painting = this.document.painting.value;
    const stage = this.stage.value;
    if (!painting || !stage) return false;
    const before = this.view.value;
    const after = zoomAt(before, factor, at ?? [stage.width / 2, stage.height / 2], painting.plane, stage);
    if (after.scale === before.scale) return false;
    this.fitted.value = after.scale === fit(painting.plane, stage).scale;
    this.view.value = after;
    return true;
  }

  pan(dx: number, dy: number): void {
    const painting = this.document.painting.value;
    const stage = this.stage.value;
    if (painting && stage) this.view.value = panBy(this.view.value, dx, dy, painting.plane, stage);
  }

  fit(): void {
    this.fitted.value = true;
  }

  /** Clears the area in hand and its path. */
  clear(): void {
    this.document.clear([this.area.value]);
  }

  clearAll(): void {
    this.document.clear([...AREAS, STATIC]);
  }
}

/** A desk of its own for a view, over the drawing that all views of the model share. */
// biome-ignore lint/suspicious/noExplicitAny: see BrushDocument
export function openDesk(model: AnyModel<any>, signal: AbortSignal): Desk {
  const document = documentOf(model, signal);
  document.open();
  return new Desk(document, signal);
}
