// The drawing of one widget, shared by all its views: what Python must know. Tool, zoom and pointer are a view's own (desk.ts).
import type { AnyModel } from "@anywidget/types";
import { signal as state } from "@preact/signals";
import { unpackLabels } from "../paint/deflate";
import type { Point, Rect } from "../paint/geometry";
import type { Change, Path, Paths } from "../paint/history";
import { Painting } from "../paint/painting";
import { AREAS, type AreaNumber, type Label, NONE, STATIC } from "../paint/plane";
import { type Answer, connect, KernelGone, type Wire } from "../ui/wire";
import { Outbox } from "./outbox";
import { areaName, inPercent } from "./words";

interface Opened {
  /** Width and height of the original photo; null while there is no photo. */
  size: [number, number] | null;
  /** How many of the answer's bytes are the deflated labels; the photo follows. */
  labels: number;
  paths: Record<string, Path | null>;
  /** The photo's media type. */
  type: string;
}

interface Edited {
  rect: [x: number, y: number, width: number, height: number] | null;
  paths: Record<string, Path | null>;
  /** Whether more pieces of the same step follow. */
  more: boolean;
}

/** Something that went wrong, in words, and what a click can do about it. */
export interface Trouble {
  readonly words: string;
  readonly again: (() => void) | null;
}

export class BrushDocument {
  /** Null until Python has answered, and while there is no photo. */
  readonly painting = state<Painting | null>(null);
  /** The photo's address in this page. */
  readonly photo = state<string | undefined>(undefined);
  readonly opened = state(false);
  readonly trouble = state<Trouble | null>(null);
  /** What changed last, for those who do not see it. */
  readonly said = state("");
  /** Counts closed steps, undos and redos: read it where something depends on the drawing. */
  readonly version = state(0);

  readonly #wire: Wire;
  readonly #outbox: Outbox;
  readonly #watchers = new Set<(change: Change) => void>();
  /** Python's words in the order they came: inflating takes a moment, and the next word must not overtake. */
  #inbox: Promise<void> = Promise.resolve();
  /** A stroke in hand: Python's edits wait until it ends. */
  #hand: { ended: Promise<void>; end: () => void } | null = null;
  #asked = false;

  // biome-ignore lint/suspicious/noExplicitAny: the studio's model and the brush's have only these messages in common
  constructor(model: AnyModel<any>, signal: AbortSignal) {
    this.#wire = connect(model, signal);
    this.#outbox = new Outbox(this.#wire, (error) => this.#fail(error));
    this.#wire.on<Edited>("brush.edit", (body, bytes) => {
      const quiet = this.#outbox.empty;
      const revision = this.#outbox.revision;
      this.#hear(() => this.#edited(body, bytes, quiet ? revision : -1));
    });
    this.#wire.on("brush.photo", () => this.#ask());
    signal.addEventListener("abort", () => this.#forgetPhoto());
  }

  /** Asks Python for photo and drawing, once for all views. */
  open(): void {
    if (!this.#asked) this.#ask();
  }

  /** Hears of every change, also in the middle of a stroke. */
  watch(hear: (change: Change) => void, signal: AbortSignal): void {
    this.#watchers.add(hear);
    signal.addEventListener("abort", () => this.#watchers.delete(hear));
  }

  /** A gesture begins: nothing is sent and nothing comes in until `end` or `cancel`. */
  begin(): void {
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#hand ??= { ended, end };
  }

  lay(from: Point, to: Point, radius: number, label: Label): void {
    const rect = this.painting.value?.lay(from, to, radius, label);
    if (rect) this.#show({ rect, paths: [] });
  }

  end(label: Label): void {
    this.#commit(label);
    this.#release();
  }

  cancel(): void {
    const change = this.painting.value?.cancel();
    if (change) this.#show(change);
    this.#release();
  }

  /** One step of undo: `work` changes the painting, Python hears of it, `words` say what was done. With a `label` they end in its share. */
  change(work: (painting: Painting) => void, words: string, label: Label = NONE): void {
    const painting = this.painting.value;
    if (painting === null) return;
    work(painting);
    const share = label === NONE ? "" : `: ${inPercent(painting.share(label))} of the picture`;
    this.#settle(painting.commit(), `${words}${share}`);
  }

  /** Asks Python; see Wire.ask. */
  ask<T>(kind: string, body?: unknown, buffers?: readonly BufferSource[]): Promise<Answer<T>> {
    return this.#wire.ask<T>(kind, body, buffers);
  }

  setPath(area: AreaNumber, path: Path | null): void {
    this.painting.value?.setPath(area, path);
    this.#commit(area);
  }

  clear(labels: readonly Label[]): void {
    this.painting.value?.clear(labels);
    const [only] = labels;
    this.#commit(labels.length === 1 && only !== undefined ? only : null);
  }

  undo(): void {
    this.#settle(this.painting.value?.undo() ?? null, "Undone");
  }

  redo(): void {
    this.#settle(this.painting.value?.redo() ?? null, "Done again");
  }

  /** Sends the whole drawing, after Python refused a part of it. */
  resend(): void {
    const painting = this.painting.value;
    this.trouble.value = null;
    if (painting) this.#outbox.send(painting, { rect: painting.whole, paths: AREAS });
  }

  #commit(label: Label | null): void {
    const painting = this.painting.value;
    const change = painting?.commit() ?? null;
    this.#settle(change, label === null ? "Everything cleared" : this.#describe(label, change));
  }

  #describe(label: Label, change: Change | null): string {
    const painting = this.painting.value;
    if (painting === null) return "";
    if (label === 0) return "Erased";
    const points = change?.rect === null && label !== STATIC ? painting.paths.get(label)?.length : undefined;
    if (points) return `${areaName(label)}: path of ${points} points`;
    return `${areaName(label)}: ${inPercent(painting.share(label))} of the picture`;
  }

  /** A step of our own is done: Python hears of it at once. */
  #settle(change: Change | null, words: string): void {
    const painting = this.painting.value;
    if (change === null || painting === null) return;
    this.#outbox.send(painting, change);
    this.version.value += 1;
    this.said.value = words;
    this.#show(change);
  }

  #show(change: Change): void {
    for (const hear of this.#watchers) hear(change);
  }

  #release(): void {
    this.#hand?.end();
    this.#hand = null;
  }

  #hear(work: () => Promise<void>): void {
    this.#inbox = this.#inbox.then(work).catch((error) => this.#fail(error));
  }

  #ask(): void {
    this.#asked = true;
    this.#wire.ask<Opened>("brush.open").then(
      (answer) => this.#hear(() => this.#open(answer)),
      (error) => this.#fail(error),
    );
  }

  async #open({ body, bytes }: Answer<Opened>): Promise<void> {
    this.#forgetPhoto();
    this.painting.value = null;
    if (body.size !== null) {
      const [width, height] = body.size;
      const labels = await unpackLabels(bytes.slice(0, body.labels), width);
      this.photo.value = URL.createObjectURL(new Blob([bytes.slice(body.labels)], { type: body.type }));
      this.painting.value = new Painting(width, height, labels, pathsOf(body.paths));
    }
    this.opened.value = true;
    this.version.value += 1;
  }

  /** Python's own edit. `heard` is the revision at its arrival, or -1 when edits of ours were on their way then. */
  async #edited({ rect, paths, more }: Edited, bytes: Uint8Array<ArrayBuffer>, heard: number): Promise<void> {
    const labels = rect && (await unpackLabels(bytes, rect[2]));
    await this.#hand?.ended;
    const painting = this.painting.value;
    // Before the answer to our first question there is nothing to edit, and that answer will hold this edit.
    if (painting === null) return;
    let place: Rect | null = null;
    if (rect && labels) {
      const [x, y, width, height] = rect;
      place = { x, y, width, height };
      painting.paste(place, labels);
    }
    for (const area of AREAS) {
      const path = paths[area];
      if (path !== undefined) painting.setPath(area, path);
    }
    if (heard !== this.#outbox.revision) {
      // It crossed an edit of ours on the way, whose rectangle may have covered it there: what we show now is the truth.
      this.#outbox.send(painting, { rect: place, paths: AREAS.filter((area) => paths[area] !== undefined) });
    }
    if (more) return;
    const change = painting.commit();
    if (change === null) return;
    this.version.value += 1;
    this.said.value = "Drawing changed by Python";
    this.#show(change);
  }

  #forgetPhoto(): void {
    if (this.photo.value) URL.revokeObjectURL(this.photo.value);
    this.photo.value = undefined;
  }

  #fail(error: unknown): void {
    const words = error instanceof Error ? error.message : String(error);
    const gone = error instanceof KernelGone;
    this.trouble.value = { words, again: gone || this.painting.value === null ? null : () => this.resend() };
  }
}

function pathsOf(wire: Record<string, Path | null>): Paths {
  const paths: Paths = new Map();
  for (const area of AREAS) {
    const path = wire[area];
    if (path) paths.set(area, path);
  }
  return paths;
}
