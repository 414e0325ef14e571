// Edits on their way to Python: one at a time, deflated, in pieces that every host can carry. What is drawn while one is
// on its way joins the next, so that a busy kernel finds two edits and not two hundred.
import { packLabels } from "../paint/deflate";
import { type Rect, union } from "../paint/geometry";
import type { Change } from "../paint/history";
import type { Painting } from "../paint/painting";
import type { AreaNumber } from "../paint/plane";
import type { Wire } from "../ui/wire";

/** Colab drops large messages without a word and publishes no limit; pieces of this size pass everywhere we know of. */
const PIECE = 256 * 1024;

interface Piece {
  rect: Rect | null;
  bytes: Uint8Array<ArrayBuffer>;
}

interface Due {
  painting: Painting;
  rect: Rect | null;
  paths: Set<AreaNumber>;
}

export class Outbox {
  /** Which photo the edits are for, by Python's count. */
  #sheet = 0;
  #due: Due | null = null;
  #sending: Promise<void> | null = null;
  #revision = 0;
  #acknowledged = 0;
  /** Python takes each message of a page once, whatever a host makes of it. */
  readonly #page = Math.random().toString(36).slice(2);
  #messages = 0;
  #lacking = false;

  constructor(
    private readonly wire: Wire,
    private readonly refused: (error: unknown) => void,
    /** Ends when no stroke is in hand. */
    private readonly rest: () => Promise<void>,
  ) {}

  /** The number of the last edit. */
  get revision(): number {
    return this.#revision;
  }

  /** Whether Python has everything that was drawn. */
  get empty(): boolean {
    return this.#acknowledged === this.#revision;
  }

  /** Whether Python refused a part, and has not had the whole since. */
  get lacking(): boolean {
    return this.#lacking;
  }

  /** Another photo: what was still to be sent was drawn on the one before. */
  begin(sheet: number): void {
    this.#sheet = sheet;
    this.#due = null;
    this.#lacking = false;
  }

  /** Sends what `change` covers: as it looks now, or where an edit is on its way, as it will look then. */
  send(painting: Painting, { rect, paths }: Change): void {
    this.#revision += 1;
    const before = this.#due;
    this.#due = {
      painting,
      rect: union(before?.rect ?? null, rect),
      paths: new Set([...(before?.paths ?? []), ...paths]),
    };
    this.#sending ??= this.#empty();
  }

  /** Ends when Python has everything, or has refused it. */
  async sent(): Promise<void> {
    await this.#sending;
  }

  async #empty(): Promise<void> {
    while (this.#due) {
      await this.rest();
      if (this.#due === null) break;
      const { painting, paths } = this.#due;
      const rect = this.#due.rect && inFours(this.#due.rect, painting.plane.width);
      const revision = this.#revision;
      this.#due = null;
      try {
        await this.#send(rect, rect && painting.plane.crop(rect), painting.pathsOnWire([...paths]));
        if (rect && rect.width === painting.plane.width && rect.height === painting.plane.height) this.#lacking = false;
      } catch (error) {
        this.#lacking = true;
        this.refused(error);
      }
      this.#acknowledged = revision;
    }
    this.#acknowledged = this.#revision;
    this.#sending = null;
  }

  async #send(rect: Rect | null, labels: Uint8Array<ArrayBuffer> | null, paths: object): Promise<void> {
    const sheet = this.#sheet;
    const pieces = rect && labels ? await split(rect, labels) : [{ rect: null, bytes: new Uint8Array() }];
    for (const [at, { rect: place, bytes }] of pieces.entries()) {
      this.#messages += 1;
      const body = {
        page: this.#page,
        rev: this.#messages,
        sheet,
        rect: place && [place.x, place.y, place.width, place.height],
        paths: at === 0 ? paths : {},
      };
      await this.wire.ask("brush.edit", body, bytes.length ? [bytes] : [], true);
    }
  }
}

/** A little wider, to columns of whole fours: so labels are packed four at a time. */
export function inFours({ x, y, width, height }: Rect, most: number): Rect {
  const left = x & ~3;
  return { x: left, y, width: Math.min(most, (x + width + 3) & ~3) - left, height };
}

/** One piece mostly; halves, and halves of halves, where the labels are as wild as noise. */
async function split(rect: Rect, labels: Uint8Array<ArrayBuffer>): Promise<Piece[]> {
  const bytes = await packLabels(labels, rect.width);
  if (bytes.length <= PIECE || rect.height < 2) return [{ rect, bytes }];
  const upper = rect.height >> 1;
  const cut = upper * rect.width;
  return [
    ...(await split({ ...rect, height: upper }, labels.slice(0, cut))),
    ...(await split({ ...rect, y: rect.y + upper, height: rect.height - upper }, labels.slice(cut))),
  ];
}
