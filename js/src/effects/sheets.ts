// The thumbnails' sheets, each fetched when the first of its cards comes into sight.
import { signal } from "@preact/signals";
import type { Wire } from "../ui/wire";
import type { Thumbnails } from "./table";

export interface Sprite {
  url: string;
  row: number;
  rows: number;
  frames: number;
}

export class Sheets {
  readonly #urls = signal<ReadonlyMap<number, string>>(new Map());
  readonly #asked = new Set<number>();

  constructor(
    readonly thumbnails: Thumbnails | null,
    readonly wire: Wire,
    readonly signal: AbortSignal,
  ) {}

  /** The thumbnail of the effect at `index` of the table; null while its sheet is not here. */
  sprite(index: number): Sprite | null {
    const number = this.#sheetOf(index);
    const sheet = this.thumbnails?.sheets[number];
    const url = this.#urls.value.get(number);
    if (!this.thumbnails || !sheet || !url) return null;
    return { url, row: index - sheet.first, rows: sheet.count, frames: this.thumbnails.frames };
  }

  /** Fetches the sheet of the effect at `index`, once; without it the icon stays, which is no misfortune. */
  async need(index: number): Promise<void> {
    const number = this.#sheetOf(index);
    if (number < 0 || this.#asked.has(number)) return;
    this.#asked.add(number);
    try {
      const { bytes } = await this.wire.ask("effects.sheet", { sheet: number });
      if (this.signal.aborted) return;
      const url = URL.createObjectURL(new Blob([bytes], { type: "image/webp" }));
      this.signal.addEventListener("abort", () => URL.revokeObjectURL(url));
      await decoded(url);
      this.#urls.value = new Map(this.#urls.value).set(number, url);
    } catch {
      this.#asked.delete(number);
    }
  }

  #sheetOf(index: number): number {
    return this.thumbnails?.sheets.findIndex(({ first, count }) => index >= first && index < first + count) ?? -1;
  }
}

/** A picture that is decoded before it is shown does not flash empty. */
function decoded(url: string): Promise<void> {
  const image = new Image();
  image.src = url;
  return image.decode();
}
