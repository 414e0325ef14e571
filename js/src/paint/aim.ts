// Which pixel of the photo lies under each pixel of the stage.
import type { Look } from "./look";
import type { Size, Viewport } from "./viewport";

export interface Aim {
  /** Device pixels a pixel of the photo. */
  readonly scale: number;
  /** Where the photo begins on the stage, in whole device pixels: a pan is then a shift of what is drawn. */
  readonly x: number;
  readonly y: number;
  /** The picture's column (row) under each column (row) of the stage and its margin, -1 outside the picture. */
  readonly columns: Int32Array<ArrayBuffer>;
  readonly rows: Int32Array<ArrayBuffer>;
}

/** `stage` is in device pixels, `view` in CSS pixels. */
export function aim(picture: Size, view: Viewport, stage: Size, { density, margin }: Look): Aim {
  const scale = view.scale * density;
  const x = Math.round(view.x * density);
  const y = Math.round(view.y * density);
  const under = (room: number, offset: number, length: number) => {
    const line = new Int32Array(room + 2 * margin);
    for (let at = 0; at < line.length; at++) {
      const place = Math.floor((at - margin + 0.5 - offset) / scale);
      line[at] = place < length ? Math.max(-1, place) : -1;
    }
    return line;
  };
  return { scale, x, y, columns: under(stage.width, x, picture.width), rows: under(stage.height, y, picture.height) };
}
