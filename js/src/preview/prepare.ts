// A drawing made ready to be played: at the size of a view, cut into layers in short turns, so that the page stays alive.
import type { Painting } from "../paint/painting";
import { AREAS, type AreaNumber } from "../paint/plane";
import type { Size } from "../paint/viewport";
import { cut } from "./cut";
import { type ShownCut, shown } from "./draw";
import { joined } from "./joined";
import type { Picture } from "./picture";
import { sampled } from "./shrink";

/** The longer side of what is played, in pixels: never more, for it has to be cut in no time, and in steps of so many. */
const LONGEST = 1280;
const STEP = 160;
/** Milliseconds of one turn. */
const TURN = 12;

/** A drawing at view size, its pieces as canvases. */
export interface Prepared extends Size {
  readonly cut: ShownCut<HTMLCanvasElement>;
}

/** The areas that will move: painted, and with a path. */
export function movable({ paths, tally }: Painting): AreaNumber[] {
  return AREAS.filter((area) => tally.count(area) > 0 && (paths.get(area)?.length ?? 0) > 1);
}

/** The size at which a photo is played that is shown with `scale` screen pixels to one of its own. */
export function viewSize({ width, height }: Size, scale: number): Size {
  const long = Math.max(width, height);
  const wanted = Math.min(LONGEST, Math.ceil((long * scale) / STEP) * STEP);
  const share = Math.min(1, Math.max(wanted, LONGEST / 2) / long);
  return { width: Math.max(1, Math.round(width * share)), height: Math.max(1, Math.round(height * share)) };
}

/** The photo's pixels at that size. */
export async function pixels(photo: HTMLImageElement, size: Size): Promise<Picture> {
  await photo.decode();
  const small = await createImageBitmap(photo, {
    resizeWidth: size.width,
    resizeHeight: size.height,
    resizeQuality: "high",
  });
  const to = boardOf(size, { willReadFrequently: true });
  to.drawImage(small, 0, 0);
  small.close();
  return { ...size, data: to.getImageData(0, 0, size.width, size.height).data as Picture["data"] };
}

/** Cuts the photo by the drawing; null once nobody wants it any more. */
export async function prepare(photo: Picture, painting: Painting, stale: () => boolean): Promise<Prepared | null> {
  const labels = sampled(painting.plane.data, painting.plane, photo);
  const areas = joined(labels, photo.width, movable(painting), (area) => painting.paths.get(area));
  const steps = cut(photo, labels, areas);
  let began = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return { width: photo.width, height: photo.height, cut: shown(step.value, onCanvas) };
    if (performance.now() - began < TURN) continue;
    await breath();
    if (stale()) return null;
    began = performance.now();
  }
}

export function boardOf(
  { width, height }: Size,
  settings?: CanvasRenderingContext2DSettings,
): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const board = canvas.getContext("2d", settings);
  if (board === null) throw new Error("This browser gives no more drawing surfaces. Close other tabs and try again.");
  return board;
}

function onCanvas(picture: Picture): HTMLCanvasElement {
  const board = boardOf(picture);
  board.putImageData(new ImageData(picture.data, picture.width, picture.height), 0, 0);
  return board.canvas;
}

/** Lets the page do what it has to. */
function breath(): Promise<void> {
  const { scheduler } = globalThis as { scheduler?: { yield?(): Promise<void> } };
  return scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
}
