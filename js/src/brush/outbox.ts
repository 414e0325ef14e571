// Edits on their way to Python: in order, one at a time, deflated, in pieces that every host can carry.
import { packLabels } from "../paint/deflate";
import type { Rect } from "../paint/geometry";
import type { Change } from "../paint/history";
import type { Painting } from "../paint/painting";
import type { Wire } from "../ui/wire";

/** Colab drops large messages without a word and publishes no limit; pieces of this size pass everywhere we know of. */
const PIECE = 256 * 1024;

interface Piece {
  rect: Rect | null;
  bytes: Uint8Array<ArrayBuffer>;
}

export class Outbox {
  #queue: Promise<void> = Promise.resolve();
  #revision = 0;
  #acknowledged = 0;

  constructor(
    private readonly wire: Wire,
    private readonly refused: (error: unknown) => void,
  ) {}

  /** The number of the last edit that left. */
  get revision(): number {
    return this.#revision;
  }

  /** Whether Python has everything that was drawn. */
  get empty(): boolean {
    return this.#acknowledged === this.#revision;
  }

  /** Sends what `change` covers as it looks now; later strokes do not alter what is on its way. */
  send(painting: Painting, { rect, paths }: Change): void {
    this.#revision += 1;
    const rev = this.#revision;
    const labels = rect && painting.plane.crop(rect);
    const points = painting.pathsOnWire(paths);
    this.#queue = this.#queue.then(async () => {
      try {
        const pieces = rect && labels ? await split(rect, labels) : [{ rect: null, bytes: new Uint8Array() }];
        for (const [at, piece] of pieces.entries()) {
          const { x, y, width, height } = piece.rect ?? { x: 0, y: 0, width: 0, height: 0 };
          const body = { rev, rect: piece.rect && [x, y, width, height], paths: at === 0 ? points : {} };
          await this.wire.ask("brush.edit", body, piece.bytes.length ? [piece.bytes] : []);
        }
      } catch (error) {
        this.refused(error);
      }
      this.#acknowledged = rev;
    });
  }
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
