// What the kernel tells of the effects: kling_widgets/widgets/effect_picker.py.
import { inflate } from "../paint/deflate";

export interface Effect {
  /** The API's word for it. */
  scene: string;
  title: string;
  images: 1 | 2;
  category: string;
  icon: string;
  tags: readonly string[];
  /** Whether the vendor's latest list known to us still has it. */
  listed: boolean;
  units: number | null;
}

/** Sprite sheets: a row an effect, in the table's order; a column a frame of its movement. */
export interface Thumbnails {
  size: number;
  frames: number;
  sheets: readonly { first: number; count: number }[];
}

export interface Table {
  effects: readonly Effect[];
  /** The month of the vendor's list behind `listed`, as in "2026-09". */
  asOf: string;
  thumbnails: Thumbnails | null;
}

export interface Photo {
  /** Changes with the picture. */
  mark: string;
  width: number;
  height: number;
}

export type EffectsTraits = {
  scene: string;
  /** The table, packed. */
  _effects_table: string;
  _effects_photos: readonly [Photo | null, Photo | null];
};

/** Base64 of deflated JSON: twelve kilobytes that are here before the first card is drawn. */
export async function unpack(packed: string): Promise<Table> {
  const bytes = await inflate(Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0)));
  return JSON.parse(new TextDecoder().decode(bytes));
}
