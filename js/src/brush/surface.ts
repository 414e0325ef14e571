// The stage: the photo, and the paint over it at the screen's own pixels. Each is touched only when what it shows has changed.
import { effect } from "@preact/signals";
import { type Rect, union } from "../paint/geometry";
import { Overlay } from "../paint/overlay";
import type { Desk } from "./desk";
import { Tiles } from "./tiles";

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

  #overlay: Overlay | null = null;
  #frame = 0;
  #moved = true;
  #dirty: Rect | null = null;
  readonly #tiles: Tiles;

  constructor(
    private readonly layers: Layers,
    private readonly desk: Desk,
    signal: AbortSignal,
  ) {
    this.#tiles = new Tiles(layers.paint);
    const sizes = new ResizeObserver(() => this.#measure());
    observe(sizes, layers.stage);
    desk.document.watch(({ rect }) => {
      this.#dirty = union(this.#dirty, rect);
      this.schedule();
    }, signal);
    const stop = effect(() => {
      desk.view.value;
      desk.document.painting.value;
      this.#moved = true;
      this.schedule();
    });
    signal.addEventListener("abort", () => {
      cancelAnimationFrame(this.#frame);
      sizes.disconnect();
      stop();
    });
  }

  /** Asks for a frame; many askers share one. */
  schedule(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.draw());
  }

  draw(): void {
    this.beforeFrame();
    this.#frame = 0;
    const painting = this.desk.document.painting.peek();
    if (this.#overlay === null || painting === null) return;
    if (this.#moved) {
      this.#placePhoto(painting.plane);
      this.#overlay.look(painting.plane, this.desk.view.peek());
      this.#tiles.put(this.#overlay.drawAll(painting.plane));
    } else if (this.#dirty) {
      const changed = this.#overlay.draw(painting.plane, this.#dirty);
      if (changed) this.#tiles.put(changed);
    }
    this.#moved = false;
    this.#dirty = null;
  }

  #placePhoto({ width, height }: { width: number; height: number }): void {
    const { scale, x, y } = this.desk.view.peek();
    const { style } = this.layers.photo;
    style.width = `${width}px`;
    style.height = `${height}px`;
    style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    style.imageRendering = scale < CRISP ? "auto" : "pixelated";
  }

  #measure(): void {
    const { clientWidth, clientHeight } = this.layers.stage;
    // A cell that is scrolled away or folded measures nothing; what is drawn stays as it is.
    if (clientWidth === 0 || clientHeight === 0) return;
    const density = Math.min(DENSEST, Math.max(1, window.devicePixelRatio));
    const width = Math.round(clientWidth * density);
    const height = Math.round(clientHeight * density);
    const now = this.#overlay;
    if (now && now.size.width === width && now.size.height === height && now.density === density) return;
    this.#overlay = new Overlay({ width, height }, density);
    this.#tiles.resize(this.#overlay.pixels, { width, height }, density);
    this.desk.stage.value = { width: clientWidth, height: clientHeight };
    this.#moved = true;
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
