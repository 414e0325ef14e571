// Zoom and pan as one matrix: screen = picture * scale + offset, in CSS pixels of the stage.
import type { Point } from "./geometry";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Viewport {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** CSS pixels a pixel of the photo, at the closest. */
const CLOSEST = 32;

export function toPicture({ scale, x, y }: Viewport, [sx, sy]: Point): Point {
  return [(sx - x) / scale, (sy - y) / scale];
}

export function toScreen({ scale, x, y }: Viewport, [px, py]: Point): Point {
  return [px * scale + x, py * scale + y];
}

/** The whole picture, as large as the stage allows, in the middle. */
export function fit(picture: Size, stage: Size): Viewport {
  const scale = Math.min(stage.width / picture.width, stage.height / picture.height);
  return {
    scale,
    x: (stage.width - picture.width * scale) / 2,
    y: (stage.height - picture.height * scale) / 2,
  };
}

/** Zooms by `factor`; what is under `at` stays there as far as the edges allow. */
export function zoomAt(view: Viewport, factor: number, at: Point, picture: Size, stage: Size): Viewport {
  const least = fit(picture, stage).scale;
  const scale = Math.min(Math.max(view.scale * factor, least), Math.max(CLOSEST, least));
  const [px, py] = toPicture(view, at);
  return within({ scale, x: at[0] - px * scale, y: at[1] - py * scale }, picture, stage);
}

export function panBy(view: Viewport, dx: number, dy: number, picture: Size, stage: Size): Viewport {
  return within({ ...view, x: view.x + dx, y: view.y + dy }, picture, stage);
}

/** No gap between picture and stage where the picture is larger, the middle where it is smaller. */
function within({ scale, x, y }: Viewport, picture: Size, stage: Size): Viewport {
  const along = (offset: number, room: number, length: number) =>
    length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, offset));
  return {
    scale,
    x: along(x, stage.width, picture.width * scale),
    y: along(y, stage.height, picture.height * scale),
  };
}
