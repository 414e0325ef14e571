// Keeps the strokes of a brush past its kernel, and offers those that an earlier kernel took with it. Part of the second
// bundle, which shares no code with the first: hence types alone.
import { packLabels, unpackLabels } from "../paint/deflate";
import type { Painting } from "../paint/painting";
import type { AreaNumber } from "../paint/plane";
import type { BrushDocument } from "./document";
import { type Draft, drafts, drop, keep, offered } from "./drafts";
import type { Opened } from "./word";

/** Milliseconds: a plane is packed at a pause, not between two strokes. */
const PAUSE = 400;

export class Kept {
  #about: Pick<Opened, "photo" | "session"> | null = null;
  #offered: { draft: Draft; labels: Uint8Array } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly document: BrushDocument,
    private readonly brush: string,
    signal: AbortSignal,
  ) {
    const stop = document.version.subscribe(() => this.#changed());
    signal.addEventListener("abort", () => {
      stop();
      clearTimeout(this.#timer);
    });
  }

  /** A drawing was opened: is there one of an earlier kernel on the same photo? */
  async opened(about: Opened): Promise<void> {
    this.#about = about;
    this.#withdraw();
    const painting = this.document.painting.peek();
    if (painting === null) return;
    for (const draft of await drafts()) {
      const lost = draft.brush === this.brush ? !draft.sent : draft.session !== about.session;
      if (draft.photo !== about.photo || !lost || offered().has(draft.brush)) continue;
      const labels = await unpackLabels(draft.labels, painting.plane.width).catch(() => null);
      // Another photo may have come meanwhile, and another view may have been quicker.
      if (painting !== this.document.painting.peek()) return;
      if (labels?.length !== painting.plane.data.length || offered().has(draft.brush)) continue;
      if (same(draft, labels, painting)) {
        drop(draft.brush);
        continue;
      }
      offered().add(draft.brush);
      this.#offered = { draft, labels };
      this.document.offer.value = { restore: () => this.#restore(), discard: () => this.#discard() };
      return;
    }
  }

  #restore(): void {
    if (this.#offered === null) return;
    const { draft, labels } = this.#offered;
    this.document.change((painting) => {
      painting.paste(painting.whole, labels);
      for (const [area, path] of Object.entries(draft.paths)) painting.setPath(Number(area) as AreaNumber, path);
    }, "Strokes restored");
    this.#discard();
  }

  #discard(): void {
    const draft = this.#offered?.draft;
    this.#withdraw();
    if (draft) drop(draft.brush);
  }

  #withdraw(): void {
    if (this.#offered) offered().delete(this.#offered.draft.brush);
    this.#offered = null;
    this.document.offer.value = null;
  }

  #changed(): void {
    const painting = this.document.painting.peek();
    // The cell that drew it has run again.
    if (this.#offered && painting && same(this.#offered.draft, this.#offered.labels, painting)) this.#discard();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#keep(), PAUSE);
  }

  async #keep(): Promise<void> {
    await this.document.rest();
    const painting = this.document.painting.peek();
    if (painting === null || this.#about === null || this.#offered?.draft.brush === this.brush) return;
    if (painting.empty) {
      drop(this.brush);
      return;
    }
    const { photo, session } = this.#about;
    const paths = painting.pathsOnWire();
    const sent = this.document.sent;
    const labels = await packLabels(painting.plane.crop(painting.whole), painting.plane.width);
    keep({ brush: this.brush, session, photo, labels, paths, sent, at: Date.now() });
  }
}

function same({ paths }: Draft, labels: Uint8Array, painting: Painting): boolean {
  const { data } = painting.plane;
  return (
    JSON.stringify(paths) === JSON.stringify(painting.pathsOnWire()) && data.every((label, at) => label === labels[at])
  );
}
