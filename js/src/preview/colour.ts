// The colours of a layer: its own, without what shone through from behind, and what it owes to the photo at home.
import type { Rect } from "../paint/geometry";
import { blank, common, crop, type Picture, type Piece, whole } from "./picture";
import type { Shape } from "./shape";

/** Where the matte is thinner, unmixing its colour would only blow up noise. */
const THIN = 1 / 3;
/** The most, in levels, that counts as mixed in: more means that the mask cut through a thing, and nothing was mixed. */
const MIXED_IN = 30;

/** The thing's own colour: what must have been mixed with the background, by the matte, to give the photo. */
export function own({ place, matte }: Shape, photo: Picture, background: Picture): Piece {
  const piece = crop(photo, place);
  const behind = crop(background, place).data;
  const { data } = piece;
  for (let at = 0; at < matte.length; at++) {
    const cover = matte[at] as number;
    data[4 * at + 3] = Math.round(255 * cover);
    if (cover === 0 || cover === 1) continue;
    const part = (1 - cover) / Math.max(cover, THIN);
    for (let c = 4 * at; c < 4 * at + 3; c++) {
      const mixed = data[c] as number;
      data[c] = mixed + Math.min(MIXED_IN, Math.max(-MIXED_IN, (mixed - (behind[c] as number)) * part));
    }
  }
  return piece;
}

/** Lays a piece on a picture where it comes from. */
export function lay(piece: Piece, onto: Picture): void {
  const part = common(piece, whole(onto));
  if (part === null) return;
  const [out, own] = [words(onto), words(piece)];
  for (let y = part.y; y < part.y + part.height; y++) {
    let from = (y - piece.y) * piece.width + part.x - piece.x;
    let to = y * onto.width + part.x;
    for (let x = 0; x < part.width; x++, from++, to++) {
      const cover = piece.data[4 * from + 3] as number;
      if (cover === 255) out[to] = own[from] as number;
      if (cover === 0 || cover === 255) continue;
      for (let c = 0; c < 3; c++) {
        const under = onto.data[4 * to + c] as number;
        onto.data[4 * to + c] = under + (((piece.data[4 * from + c] as number) - under) * cover) / 255;
      }
    }
  }
}

/** A pixel as one number. */
function words({ data }: Picture): Uint32Array {
  return new Uint32Array(data.buffer, data.byteOffset, data.length / 4);
}

/** What the unmoved composite lacks of the photo, to be added, and what it has too much, to be taken away. Next to nothing
 * on the thing, more on the filled rim. */
export interface Leftover {
  readonly lacks: Piece;
  readonly exceeds: Piece;
}

/** Makes up the difference in `unmoved`, for the pixels of `home` whose owner is `number`, and says what it was. */
export function leftover(
  home: Rect | null,
  photo: Picture,
  unmoved: Picture,
  owner: Uint8Array,
  number: number,
): Leftover {
  const { x, y, width, height } = home ?? { x: 0, y: 0, width: 1, height: 1 };
  const [lacks, exceeds] = [blank({ x, y, width, height }), blank({ x, y, width, height })];
  const black = 0xff000000;
  const [wanted, found] = [words(photo), words(unmoved)];
  words(lacks).fill(black);
  words(exceeds).fill(black);
  for (let row = 0, at = 0; row < height; row++) {
    let from = (row + y) * photo.width + x;
    for (let column = 0; column < width; column++, at += 4, from++) {
      if (owner[from] !== number || wanted[from] === found[from]) continue;
      for (let c = 0; c < 3; c++) {
        const off = (photo.data[4 * from + c] as number) - (unmoved.data[4 * from + c] as number);
        lacks.data[at + c] = off;
        exceeds.data[at + c] = -off;
      }
      found[from] = wanted[from] as number;
    }
  }
  return { lacks, exceeds };
}
