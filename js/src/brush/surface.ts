// The stage: the photo, and the paint over it at the screen's own pixels. Each is touched only when what it shows has changed.
import { effect } from "@preact/signals";
import { type Aim, aim } from "../paint/aim";
import { type Rect, union } from "../paint/geometry";
import { Look } from "../paint/look";
import type { Size } from "../paint/viewport";
import { CanvasScreen } from "./canvas_screen";
import type { Desk } from "./desk";
import { more } from "./more";
import type { Screen } from "./screen";

/** Beyond two device pixels a CSS pixel nobody sees the difference, but everybody pays for it. */
const DENSEST = 2;

/** From this many CSS pixels a pixel of the photo on one paints pixels, so one must see them. */
const CRISP = 6;

export interface Layers {
  readonly stage: HTMLElement;
  readonly photo: HTMLImageElement;
  readonly paint: HTMLElement;
}

export class Surface {
  /** Runs at the start of each frame: the pointer's queue is drained here, so a stroke shows in the frame that read it. */
  beforeFrame: () => void = () => {};

  #screen: Screen;
  /** Of the stage in device pixels; nothing until it is laid out. */
  #size: Size | null = null;
  #look = new Look(1);
  /** Null when view or stage have moved since. */
  #aim: Aim | null = null;
  #dirty: Rect | null = null;
  #frame = 0;
  #shown = false;

  constructor(
    private readonly layers: Layers,
    private readonly desk: Desk,
    private readonly signal: AbortSignal,
  ) {
    this.#screen = new CanvasScreen(layers.paint);
    const sizes = new ResizeObserver(() => this.#measure());
    observe(sizes, layers.stage);
    desk.document.watch(({ rect }) => {
      this.#dirty = union(this.#dirty, rect);
      this.schedule();
    }, signal);
    const stop = effect(() => {
      desk.view.value;
      desk.document.painting.value;
      this.#aim = null;
      this.schedule();
    });
    signal.addEventListener("abort", () => {
      cancelAnimationFrame(this.#frame);
      sizes.disconnect();
      stop();
      this.#screen.end();
    });
  }

  /** Asks for a frame; many askers share one. */
  schedule(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.draw());
  }

  draw(): void {
    this.beforeFrame();
    this.#frame = 0;
    const plane = this.desk.document.painting.peek()?.plane;
    if (this.#size === null || plane === undefined) return;
    if (this.#aim === null) {
      const view = this.desk.view.peek();
      this.#aim = aim(plane, view, this.#size, this.#look);
      this.#placePhoto(plane, view.scale, this.#aim);
    }
    const dirty = this.#dirty;
    this.#dirty = null;
    if (this.#screen.draw(plane, this.#aim, dirty)) this.schedule();
    if (this.#shown) return;
    this.#shown = true;
    // After the first frame: all is there already, only slower than a graphics card might be.
    more(this.desk.document)
      .then(({ accelerate }) => accelerate(this.layers.paint, this.signal, (open) => this.#change(open)))
      .catch(() => {});
  }

  #change(open: (() => Screen) | null): void {
    this.#screen.end();
    this.#screen = open ? open() : new CanvasScreen(this.layers.paint);
    if (this.#size) this.#screen.resize(this.#size, this.#look);
    this.#aim = null;
    this.draw();
  }

  #placePhoto({ width, height }: Size, scale: number, { x, y }: Aim): void {
    const { density } = this.#look;
    const { style } = this.layers.photo;
    style.width = `${width}px`;
    style.height = `${height}px`;
    style.transform = `translate(${x / density}px, ${y / density}px) scale(${scale})`;
    style.imageRendering = scale < CRISP ? "auto" : "pixelated";
  }

  #measure(): void {
    const { clientWidth, clientHeight } = this.layers.stage;
    // A cell that is scrolled away or folded measures nothing; what is drawn stays as it is.
    if (clientWidth === 0 || clientHeight === 0) return;
    const density = Math.min(DENSEST, Math.max(1, window.devicePixelRatio));
    const width = Math.round(clientWidth * density);
    const height = Math.round(clientHeight * density);
    if (this.#size?.width === width && this.#size.height === height && this.#look.density === density) return;
    this.#size = { width, height };
    if (this.#look.density !== density) this.#look = new Look(density);
    this.#screen.resize(this.#size, this.#look);
    this.desk.stage.value = { width: clientWidth, height: clientHeight };
    this.#aim = null;
    // At once: emptied tiles must not be seen for a frame.
    this.draw();
  }
}

/** Hears of a move to a denser screen too, where the browser can tell. */
function observe(sizes: ResizeObserver, stage: HTMLElement): void {
  try {
    sizes.observe(stage, { box: "device-pixel-content-box" });
  } catch {
    sizes.observe(stage);
  }
}
