// A 2D canvas without a browser: as much of drawImage as the preview needs, bilinear between pixels as smoothing is.
import type { Board } from "../src/preview/draw";
import type { Picture } from "../src/preview/picture";

export class Canvas implements Board<Picture> {
  globalAlpha = 1;
  globalCompositeOperation: GlobalCompositeOperation = "source-over";
  /** RGB 0..1; what a canvas rounds is left as it is here. */
  readonly data: Float64Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.data = new Float64Array(width * height * 3);
  }

  drawImage(image: Picture, x: number, y: number): void {
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [fx, fy] = [x - left, y - top];
    for (let row = Math.max(0, top); row < Math.min(this.height, top + image.height + 1); row++) {
      for (let column = Math.max(0, left); column < Math.min(this.width, left + image.width + 1); column++) {
        const [u, v] = [column - left, row - top];
        const at = 3 * (row * this.width + column);
        const alpha = between(image, u, v, fx, fy, 3) * this.globalAlpha;
        for (let c = 0; c < 3; c++) {
          const under = this.data[at + c] as number;
          this.data[at + c] = this.#blend(under, between(image, u, v, fx, fy, c) * this.globalAlpha, alpha);
        }
      }
    }
  }

  colour(x: number, y: number): number[] {
    return Array.from(
      this.data.subarray(3 * (y * this.width + x), 3 * (y * this.width + x) + 3),
      (value) => value * 255,
    );
  }

  /** `over` is premultiplied by `alpha`. */
  #blend(under: number, over: number, alpha: number): number {
    if (this.globalCompositeOperation === "lighter") return Math.min(1, under + over);
    if (this.globalCompositeOperation === "difference") return under + over - 2 * Math.min(under * alpha, over);
    return under * (1 - alpha) + over;
  }
}

/** A premultiplied channel (3 is alpha) of the image moved right and down by a fraction of a pixel; nothing beyond its edge. */
function between(
  { width, height, data }: Picture,
  x: number,
  y: number,
  fx: number,
  fy: number,
  channel: number,
): number {
  const of = (column: number, row: number) => {
    if (column < 0 || row < 0 || column >= width || row >= height) return 0;
    const at = 4 * (row * width + column);
    const alpha = (data[at + 3] as number) / 255;
    return channel === 3 ? alpha : ((data[at + channel] as number) / 255) * alpha;
  };
  const line = (row: number) => of(x - 1, row) * fx + of(x, row) * (1 - fx);
  return line(y - 1) * fy + line(y) * (1 - fy);
}
