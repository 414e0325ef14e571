// Whose turn it is: Python's words come in the order they were said, and not in the middle of a stroke.

export class Order {
  /** Inflating takes a moment, and the next word must not overtake. */
  #words: Promise<void> = Promise.resolve();
  #hand: { ended: Promise<void>; end: () => void } | null = null;

  constructor(private readonly failed: (error: unknown) => void) {}

  get busy(): boolean {
    return this.#hand !== null;
  }

  /** A stroke is in hand. */
  begin(): void {
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#hand ??= { ended, end };
  }

  end(): void {
    this.#hand?.end();
    this.#hand = null;
  }

  /** Ends when no stroke is in hand. */
  async rest(): Promise<void> {
    while (this.#hand) await this.#hand.ended;
  }

  hear(work: () => Promise<void>): void {
    this.#words = this.#words.then(work).catch(this.failed);
  }
}
