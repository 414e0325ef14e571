// Paint on screen, as a grid of small canvases that hangs on the photo. A browser without a graphics card copies every visible
// canvas at every frame, whole: so there are none where nothing is painted, and under a brush one pays for what is there.
import type { Aim } from "../paint/aim";
import { cover, type Rect } from "../paint/geometry";
import type { Size } from "../paint/viewport";

/** A tile's side in CSS pixels. */
const SIDE = 256;

interface Tile {
  /** Its column and row in the grid, from the photo's corner; hidden wherever what it holds is old or nothing. */
  column: number;
  row: number;
  readonly to: CanvasRenderingContext2D;
}

export class Tiles {
  #tiles: Tile[] = [];
  #image: ImageData | null = null;
  #words = new Uint32Array();
  #density = 1;
  #side = SIDE;
  /** Where the photo's corner is in the pixels. */
  #x = 0;
  #y = 0;

  constructor(private readonly layer: HTMLElement) {}

  /** New, empty tiles for `pixels`, RGBA of a stage of `size` device pixels, `density` of them a CSS pixel. */
  resize(pixels: Uint8ClampedArray<ArrayBuffer>, { width, height }: Size, density: number): void {
    this.#image = new ImageData(pixels, width, height);
    this.#words = new Uint32Array(pixels.buffer);
    this.#density = density;
    this.#side = Math.round(SIDE * density);
    this.#tiles = [];
    // One more each way: the grid moves under the stage.
    for (let row = -1; row * this.#side < height; row++) {
      for (let column = -1; column * this.#side < width; column++) {
        this.#tiles.push({ column, row, to: context(this.#side, density) });
      }
    }
    this.layer.replaceChildren(...this.#tiles.map(({ to }) => to.canvas));
  }

  /** The photo has moved. Another `stretch` than 1: what the tiles hold is of another zoom, or, with 0, good for nothing. */
  aim({ x, y }: Aim, stretch = 1): void {
    this.#x = x;
    this.#y = y;
    const scale = stretch || 1;
    this.layer.style.transform = `translate(${x / this.#density}px, ${y / this.#density}px) scale(${scale})`;
    if (stretch === 0) for (const { to } of this.#tiles) to.canvas.hidden = true;
    if (scale === 1) this.#spread();
  }

  /** Shows what `rect` of the pixels now holds. */
  put({ x, y, width, height }: Rect): void {
    const image = this.#image;
    if (image === null) return;
    for (const { column, row, to } of this.#tiles) {
      const left = column * this.#side + this.#x;
      const top = row * this.#side + this.#y;
      const right = Math.min(left + this.#side, image.width);
      const bottom = Math.min(top + this.#side, image.height);
      const seen = cover(left, top, right, bottom, right, bottom);
      let part = cover(Math.max(left, x), Math.max(top, y), x + width, y + height, right, bottom);
      if (seen === null || part === null) continue;
      const whole = part.width === seen.width && part.height === seen.height;
      if (to.canvas.hidden || whole) {
        const blank = this.#blank(part);
        if (blank) to.canvas.hidden = true;
        if (blank) continue;
        // What a hidden tile holds is old.
        if (to.canvas.hidden) part = seen;
        to.canvas.hidden = false;
      }
      to.putImageData(image, -left, -top, part.x, part.y, part.width, part.height);
    }
  }

  end(): void {
    this.layer.replaceChildren();
  }

  /** Tiles that the stage has left behind come in again on its other side. */
  #spread(): void {
    const { width = 0, height = 0 } = this.#image ?? {};
    const ring = (at: number, offset: number, room: number) => {
      const first = Math.floor(-offset / this.#side);
      const count = Math.ceil(room / this.#side) + 1;
      return first + ((((at - first) % count) + count) % count);
    };
    for (const tile of this.#tiles) {
      const { canvas } = tile.to;
      const column = ring(tile.column, this.#x, width);
      const row = ring(tile.row, this.#y, height);
      if (column !== tile.column || row !== tile.row) canvas.hidden = true;
      tile.column = column;
      tile.row = row;
      if (!canvas.hidden) continue;
      canvas.style.left = `${(column * this.#side) / this.#density}px`;
      canvas.style.top = `${(row * this.#side) / this.#density}px`;
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

function context(side: number, density: number): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  canvas.hidden = true;
  canvas.width = side;
  canvas.height = side;
  canvas.style.width = `${side / density}px`;
  canvas.style.height = `${side / density}px`;
  const to = canvas.getContext("2d");
  if (to === null)
    throw new Error("This browser gives no more drawing surfaces. Close other tabs and run the cell again.");
  return to;
}
