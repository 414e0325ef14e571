// Paint on screen, as a grid of small canvases. A browser without a graphics card copies every visible canvas at every frame,
// whole: so there are none where nothing is painted, and under a brush one pays for what is there.
import { cover, type Rect } from "../paint/geometry";
import type { Size } from "../paint/viewport";

/** A tile's side in CSS pixels. */
const SIDE = 256;

interface Tile {
  readonly place: Rect;
  readonly to: CanvasRenderingContext2D;
}

export class Tiles {
  #tiles: Tile[] = [];
  #image: ImageData | null = null;
  #words = new Uint32Array();

  constructor(private readonly layer: HTMLElement) {}

  /** New, empty tiles for `pixels`, RGBA of a stage of `size` device pixels, `density` of them a CSS pixel. */
  resize(pixels: Uint8ClampedArray<ArrayBuffer>, { width, height }: Size, density: number): void {
    this.#image = new ImageData(pixels, width, height);
    this.#words = new Uint32Array(pixels.buffer);
    const side = Math.round(SIDE * density);
    this.#tiles = [];
    for (let y = 0; y < height; y += side) {
      for (let x = 0; x < width; x += side) {
        const place = { x, y, width: Math.min(side, width - x), height: Math.min(side, height - y) };
        this.#tiles.push({ place, to: tileAt(place, density) });
      }
    }
    this.layer.replaceChildren(...this.#tiles.map(({ to }) => to.canvas));
  }

  /** Shows what `rect` of the pixels now holds. */
  put({ x, y, width, height }: Rect): void {
    if (this.#image === null) return;
    for (const { place, to } of this.#tiles) {
      let part = cover(x - place.x, y - place.y, x + width - place.x, y + height - place.y, place.width, place.height);
      if (part === null) continue;
      const whole = part.width === place.width && part.height === place.height;
      if (to.canvas.hidden || whole) {
        const blank = this.#blank(place);
        if (blank) to.canvas.hidden = true;
        if (blank) continue;
        // What a hidden tile holds is old.
        if (to.canvas.hidden) part = { ...place, x: 0, y: 0 };
        to.canvas.hidden = false;
      }
      to.putImageData(this.#image, -place.x, -place.y, place.x + part.x, place.y + part.y, part.width, part.height);
    }
  }

  #blank({ x, y, width, height }: Rect): boolean {
    const across = this.#image?.width ?? 0;
    for (let row = y; row < y + height; row++) {
      for (let at = row * across + x; at < row * across + x + width; at++) if (this.#words[at] !== 0) return false;
    }
    return true;
  }
}

function tileAt({ x, y, width, height }: Rect, density: number): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  canvas.hidden = true;
  canvas.width = width;
  canvas.height = height;
  canvas.style.left = `${x / density}px`;
  canvas.style.top = `${y / density}px`;
  canvas.style.width = `${width / density}px`;
  canvas.style.height = `${height / density}px`;
  const to = canvas.getContext("2d");
  if (to === null)
    throw new Error("This browser gives no more drawing surfaces. Close other tabs and run the cell again.");
  return to;
}
