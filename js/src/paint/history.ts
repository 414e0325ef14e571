// Undo without end: a step keeps the run lengths of the tiles it changed, and undoing swaps them with what is there now.
import { type Rect, union } from "./geometry";
import type { AreaNumber, Plane } from "./plane";
import { decodeRuns, encodeRuns } from "./runs";
import type { Tally } from "./tally";

export const TILE = 128;

export type Path = readonly (readonly [x: number, y: number])[];
export type Paths = Map<AreaNumber, Path>;

/** What a step, an undo or a redo changed. */
export interface Change {
  readonly rect: Rect | null;
  readonly paths: readonly AreaNumber[];
}

interface Step {
  tiles: Map<number, Uint8Array>;
  paths: Map<AreaNumber, Path | undefined>;
}

export class History {
  readonly #done: Step[] = [];
  readonly #undone: Step[] = [];
  /** What the open step has touched, as it was before: whole labels until the step is closed. */
  #open: Step = { tiles: new Map(), paths: new Map() };

  constructor(
    private readonly plane: Plane,
    private readonly paths: Paths,
    private readonly tally: Tally,
  ) {}

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Bytes that undo and redo hold. */
  get bytes(): number {
    let sum = 0;
    for (const step of [...this.#done, ...this.#undone]) for (const runs of step.tiles.values()) sum += runs.length;
    return sum;
  }

  /** Say this before the labels inside `rect` change. */
  touch(rect: Rect): void {
    const across = Math.ceil(this.plane.width / TILE);
    const right = Math.floor((rect.x + rect.width - 1) / TILE);
    const bottom = Math.floor((rect.y + rect.height - 1) / TILE);
    for (let row = Math.floor(rect.y / TILE); row <= bottom; row++) {
      for (let column = Math.floor(rect.x / TILE); column <= right; column++) {
        const tile = row * across + column;
        if (!this.#open.tiles.has(tile)) this.#open.tiles.set(tile, this.plane.crop(this.#rect(tile)));
      }
    }
  }

  setPath(area: AreaNumber, path: Path | null): void {
    if (!this.#open.paths.has(area)) this.#open.paths.set(area, this.paths.get(area));
    this.#put(area, path ?? undefined);
  }

  /** Closes the open step. Null when it changed nothing. */
  commit(): Change | null {
    const open = this.#take();
    const step: Step = { tiles: new Map(), paths: new Map() };
    const { data, width, height } = this.plane;
    const whole = { x: 0, y: 0, width, height };
    let rect: Rect | null = null;
    for (const [tile, before] of open.tiles) {
      const place = this.#rect(tile);
      const changed = difference(before, this.plane, place);
      if (changed === null) continue;
      rect = union(rect, changed);
      this.tally.take(before, place, -1, changed);
      this.tally.take(data, whole, 1, changed);
      step.tiles.set(tile, encodeRuns(before));
    }
    for (const [area, before] of open.paths) if (before !== this.paths.get(area)) step.paths.set(area, before);
    if (rect === null && step.paths.size === 0) return null;
    this.#done.push(step);
    this.#undone.length = 0;
    return { rect, paths: [...step.paths.keys()] };
  }

  /** Takes the open step back as if it had never begun. */
  cancel(): Change {
    const open = this.#take();
    let rect: Rect | null = null;
    for (const [tile, before] of open.tiles) {
      const place = this.#rect(tile);
      this.plane.paste(place, before);
      rect = union(rect, place);
    }
    for (const [area, before] of open.paths) this.#put(area, before);
    return { rect, paths: [...open.paths.keys()] };
  }

  undo(): Change | null {
    return this.#swap(this.#done, this.#undone);
  }

  redo(): Change | null {
    return this.#swap(this.#undone, this.#done);
  }

  #swap(from: Step[], to: Step[]): Change | null {
    const step = from.pop();
    if (step === undefined) return null;
    const opposite: Step = { tiles: new Map(), paths: new Map() };
    let rect: Rect | null = null;
    for (const [tile, runs] of step.tiles) {
      const place = this.#rect(tile);
      const now = this.plane.crop(place);
      const then = decodeRuns(runs, new Uint8Array(now.length));
      opposite.tiles.set(tile, encodeRuns(now));
      const changed = difference(then, this.plane, place);
      this.plane.paste(place, then);
      if (changed === null) continue;
      this.tally.take(now, place, -1, changed);
      this.tally.take(then, place, 1, changed);
      rect = union(rect, changed);
    }
    for (const [area, path] of step.paths) {
      opposite.paths.set(area, this.paths.get(area));
      this.#put(area, path);
    }
    to.push(opposite);
    return { rect, paths: [...step.paths.keys()] };
  }

  #take(): Step {
    const open = this.#open;
    this.#open = { tiles: new Map(), paths: new Map() };
    return open;
  }

  #put(area: AreaNumber, path: Path | undefined): void {
    if (path === undefined) this.paths.delete(area);
    else this.paths.set(area, path);
  }

  #rect(tile: number): Rect {
    const across = Math.ceil(this.plane.width / TILE);
    const x = (tile % across) * TILE;
    const y = Math.floor(tile / across) * TILE;
    return { x, y, width: Math.min(TILE, this.plane.width - x), height: Math.min(TILE, this.plane.height - y) };
  }
}

/** The smallest rectangle around what differs between the plane and the labels of `place`. */
function difference(labels: Uint8Array, plane: Plane, { x, y, width, height }: Rect): Rect | null {
  const { data } = plane;
  const fours = width % 4 === 0 && plane.width % 4 === 0 && data.byteOffset % 4 === 0;
  const [then, now] = fours ? [inWords(labels), inWords(data)] : [labels, data];
  let left = width;
  let right = -1;
  let top = -1;
  let bottom = -1;
  for (let row = 0; row < height; row++) {
    const start = row * width;
    const there = (y + row) * plane.width + x;
    let first = 0;
    // Most of a tile is as it was: four labels at a time.
    if (fours) while (first < width && then[(start + first) >> 2] === now[(there + first) >> 2]) first += 4;
    while (first < width && labels[start + first] === data[there + first]) first++;
    if (first === width) continue;
    let last = width - 1;
    if (fours) while (then[(start + last) >> 2] === now[(there + last) >> 2]) last -= 4;
    while (labels[start + last] === data[there + last]) last--;
    left = Math.min(left, first);
    right = Math.max(right, last);
    if (top < 0) top = row;
    bottom = row;
  }
  return top < 0 ? null : { x: x + left, y: y + top, width: right - left + 1, height: bottom - top + 1 };
}

function inWords({ buffer, byteOffset, length }: Uint8Array): Int32Array {
  return new Int32Array(buffer, byteOffset, length >> 2);
}
