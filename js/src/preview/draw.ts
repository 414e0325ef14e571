// A cut photo drawn with its areas moved: the motion model of the film, in as few strokes of a 2D canvas as it takes.
import type { Point } from "../paint/geometry";
import type { AreaNumber } from "../paint/plane";
import type { Piece } from "./picture";

/** What is needed of a canvas. */
export interface Board<Image> {
  globalAlpha: number;
  globalCompositeOperation: GlobalCompositeOperation;
  drawImage(image: Image, x: number, y: number): void;
}

/** A piece as the board takes it. */
export interface Shown<Image> {
  readonly image: Image;
  readonly x: number;
  readonly y: number;
}

export interface ShownLayer<Image> {
  readonly area: AreaNumber;
  readonly piece: Shown<Image>;
  readonly lacks: Shown<Image>;
  readonly exceeds: Shown<Image>;
}

export interface ShownCut<Image> {
  readonly photo: Shown<Image>;
  readonly background: Shown<Image>;
  readonly layers: readonly ShownLayer<Image>[];
  readonly top: Shown<Image> | null;
  readonly settle: number;
}

/** `moved` says how far each area has come. */
export function draw<Image>(to: Board<Image>, cut: ShownCut<Image>, moved: (area: AreaNumber) => Point): void {
  const ways = cut.layers.map((layer) => ({ layer, way: moved(layer.area) }));
  // Before anything has moved, what one sees is the photo, to the value.
  if (ways.every(({ way: [x, y] }) => x === 0 && y === 0)) {
    put(to, cut.photo);
    return;
  }
  put(to, cut.background);
  for (const { layer, way } of ways) {
    put(to, layer.piece, way);
    const unsettled = 1 - Math.hypot(...way) / cut.settle;
    if (unsettled <= 0) continue;
    to.globalAlpha = unsettled;
    to.globalCompositeOperation = "lighter";
    put(to, layer.lacks);
    to.globalCompositeOperation = "difference";
    put(to, layer.exceeds);
    to.globalCompositeOperation = "source-over";
    to.globalAlpha = 1;
  }
  if (cut.top) put(to, cut.top);
}

/** Makes every piece of a cut into something that a board takes. */
export function shown<Image>(
  cut: { photo: Bare; background: Bare; layers: readonly BareLayer[]; top: Piece | null; settle: number },
  make: (picture: Bare) => Image,
): ShownCut<Image> {
  const one = (picture: Bare & { x?: number; y?: number }) => ({
    image: make(picture),
    x: picture.x ?? 0,
    y: picture.y ?? 0,
  });
  return {
    photo: one(cut.photo),
    background: one(cut.background),
    layers: cut.layers.map(({ area, piece, lacks, exceeds }) => ({
      area,
      piece: one(piece),
      lacks: one(lacks),
      exceeds: one(exceeds),
    })),
    top: cut.top && one(cut.top),
    settle: cut.settle,
  };
}

type Bare = Pick<Piece, "width" | "height" | "data">;

interface BareLayer {
  readonly area: AreaNumber;
  readonly piece: Piece;
  readonly lacks: Piece;
  readonly exceeds: Piece;
}

function put<Image>(to: Board<Image>, { image, x, y }: Shown<Image>, [dx, dy]: Point = [0, 0]): void {
  to.drawImage(image, x + dx, y + dy);
}
