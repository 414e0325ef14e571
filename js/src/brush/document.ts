// The drawing of one widget, shared by all its views: what Python must know. Tool, zoom and pointer are a view's own (desk.ts).
import type { AnyModel } from "@anywidget/types";
import { signal as state } from "@preact/signals";
import { unpackLabels } from "../paint/deflate";
import type { Point } from "../paint/geometry";
import type { Change } from "../paint/history";
import type { Painting } from "../paint/painting";
import { AREAS, type Label, NONE } from "../paint/plane";
import { type Answer, connect, KernelGone, type Wire } from "../ui/wire";
import type { Kept } from "./kept";
import { more } from "./more";
import { Order } from "./order";
import { Outbox } from "./outbox";
import { type Edited, type Opened, paintingOf, put } from "./word";
import { areaName, inPercent } from "./words";

const GONE = "The kernel was restarted or is gone. Your strokes are kept. Run this cell again and restore them there.";

/** Something that went wrong, in words, and what a click can do about it. */
export interface Trouble {
  readonly words: string;
  readonly again: (() => void) | null;
}

/** What may be answered with a click. */
export interface Offer {
  restore(): void;
  discard(): void;
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

  /** Whether a cell waits for this drawing. */
  readonly waiting = state(false);
  /** Strokes that an earlier kernel took with it: they may come back. */
  readonly offer = state<Offer | null>(null);

  readonly #wire: Wire;
  readonly #outbox: Outbox;
  readonly #order = new Order((error) => this.#fail(error));
  readonly #watchers = new Set<(change: Change) => void>();
  #asked = false;
  readonly #keep: (about: Opened) => void;
  #kept: Kept | null = null;

  // biome-ignore lint/suspicious/noExplicitAny: the studio's model and the brush's have only these messages in common
  constructor(model: AnyModel<any>, signal: AbortSignal) {
    const brush = String(model.get("_brush_id"));
    this.#keep = (about) => {
      more(this)
        .then((part) => {
          this.#kept ??= new part.Kept(this, brush, signal);
          return this.#kept.opened(about);
        })
        // Where that part does not come, nothing is kept; all else works.
        .catch(() => {});
    };
    this.#wire = connect(model, signal);
    this.#outbox = new Outbox(
      this.#wire,
      (error) => this.#fail(error),
      () => this.rest(),
    );
    this.#wire.on<Edited>("brush.edit", (body, bytes) => {
      const quiet = this.#outbox.empty;
      const revision = this.#outbox.revision;
      this.#order.hear(() => this.#edited(body, bytes, quiet ? revision : -1));
    });
    this.#wire.on("brush.photo", () => this.#ask());
    this.#wire.on<Opened>("brush.waiting", ({ waiting }) => {
      this.#wait(waiting);
      // Python cannot know whether its words are heard, nor, while a cell runs, whether ours are.
      if (waiting && this.#asked) this.#wire.ask("brush.here").catch(() => {});
    });
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
    this.#order.begin();
  }

  /** Ends when no gesture is in hand. */
  rest(): Promise<void> {
    return this.#order.rest();
  }

  /** Whether Python has everything that was drawn. */
  get sent(): boolean {
    return this.#outbox.empty && !this.#outbox.lacking;
  }

  /** Ends when Python has everything that was drawn until now. */
  settled(): Promise<void> {
    return this.#outbox.sent();
  }

  lay(from: Point, to: Point, radius: number, label: Label): void {
    const rect = this.painting.value?.lay(from, to, radius, label);
    if (rect) this.#show({ rect, paths: [] });
  }

  end(label: Label): void {
    this.#commit(label);
    this.#order.end();
  }

  cancel(): void {
    const change = this.painting.value?.cancel();
    if (change) this.#show(change);
    this.#order.end();
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

  clear(labels: readonly Label[]): void {
    this.painting.value?.clear(labels);
    const [only] = labels;
    this.#commit(labels.length === 1 && only !== undefined ? only : null);
  }

  /** Not in the middle of a stroke, whose own step would then rest on another drawing. */
  undo(): void {
    if (this.#order.busy) return;
    this.#settle(this.painting.value?.undo() ?? null, "Undone");
  }

  redo(): void {
    if (this.#order.busy) return;
    this.#settle(this.painting.value?.redo() ?? null, "Done again");
  }

  /** Sends the whole drawing, after Python refused a part of it. */
  resend(): void {
    const painting = this.painting.value;
    this.trouble.value = null;
    if (painting) this.#outbox.send(painting, { rect: painting.whole, paths: AREAS });
  }

  /** Tells the cell that waits, once Python has everything. */
  async done(): Promise<void> {
    if (this.#outbox.lacking) this.resend();
    await this.#outbox.sent();
    if (!this.#outbox.lacking) await this.#wire.ask("brush.done").catch((error) => this.#fail(error));
  }

  #commit(label: Label | null): void {
    const painting = this.painting.value;
    const change = painting?.commit() ?? null;
    this.#settle(change, label === null ? "Everything cleared" : this.#describe(label));
  }

  #describe(label: Label): string {
    const painting = this.painting.value;
    if (painting === null) return "";
    if (label === 0) return "Erased";
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

  #ask(): void {
    this.#asked = true;
    this.#wire.ask<Opened>("brush.open", {}, [], true).then(
      (answer) => this.#order.hear(() => this.#open(answer)),
      (error) => this.#fail(error),
    );
  }

  async #open({ body, bytes }: Answer<Opened>): Promise<void> {
    await this.rest();
    this.#forgetPhoto();
    this.#outbox.begin(body.sheet);
    this.painting.value = null;
    if (body.size !== null) {
      const painting = await paintingOf(body.size, bytes.slice(0, body.labels), body.paths);
      this.photo.value = URL.createObjectURL(new Blob([bytes.slice(body.labels)], { type: body.type }));
      this.painting.value = painting;
    }
    this.opened.value = true;
    this.version.value += 1;
    this.#wait(body.waiting);
    this.#keep(body);
  }

  /** Python's own edit. `heard` is the revision at its arrival, or -1 when edits of ours were on their way then. */
  async #edited(edited: Edited, bytes: Uint8Array<ArrayBuffer>, heard: number): Promise<void> {
    const labels = edited.rect && (await unpackLabels(bytes, edited.rect[2]));
    await this.rest();
    const painting = this.painting.value;
    // Before the answer to our first question there is nothing to edit, and that answer will hold this edit.
    if (painting === null) return;
    const covers = put(painting, edited, labels);
    // It crossed an edit of ours on the way, whose rectangle may have covered it there: what we show now is the truth.
    if (heard !== this.#outbox.revision) this.#outbox.send(painting, covers);
    if (edited.more) return;
    const change = painting.commit();
    if (change === null) return;
    this.version.value += 1;
    this.said.value = "Drawing changed by Python";
    this.#show(change);
  }

  #wait(waiting: boolean): void {
    if (waiting && !this.waiting.value) this.said.value = "A cell waits for this drawing: press Done";
    this.waiting.value = waiting;
  }

  #forgetPhoto(): void {
    if (this.photo.value) URL.revokeObjectURL(this.photo.value);
    this.photo.value = undefined;
  }

  #fail(error: unknown): void {
    const gone = error instanceof KernelGone;
    const words = gone ? GONE : error instanceof Error ? error.message : String(error);
    this.trouble.value = { words, again: gone || this.painting.value === null ? null : () => this.resend() };
  }
}
