// Labels as a person sees them, at the screen's own pixels, drawn by the processor. The cost follows the screen, not the photo,
// and what is new on it; nothing is ever read back from a canvas.
import type { Aim } from "./aim";
import { cover, type Rect, union } from "./geometry";
import type { Look } from "./look";
import { KINDS, NONE, type Plane } from "./plane";
import type { Size } from "./viewport";

type Probes = readonly [number, number, number, number, number, number, number, number];

export class Overlay {
  /** RGBA of the whole stage; a canvas takes the changed rectangle from it. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  readonly #out: Uint32Array;
  /** Labels of the stage's pixels with the look's margin more around them, so that looking around needs no checks. */
  readonly #seen: Uint8Array;
  readonly #margin: number;
  readonly #stride: number;
  readonly #around: Int32Array;
  readonly #probes: Probes;
  readonly #firsts: Int32Array;
  readonly #lasts: Int32Array;
  #aim: Aim | null = null;
  /** How many rows are drawn as `#aim` and the plane want them. */
  #drawn = 0;

  constructor(
    /** Of the stage in device pixels. */
    readonly size: Size,
    readonly look: Look,
  ) {
    const { width, height } = size;
    this.#margin = look.margin;
    this.#stride = width + 2 * this.#margin;
    const rows = height + 2 * this.#margin;
    this.#seen = new Uint8Array(this.#stride * rows);
    this.pixels = new Uint8ClampedArray(width * height * 4);
    this.#out = new Uint32Array(this.pixels.buffer);
    this.#firsts = new Int32Array(rows);
    this.#lasts = new Int32Array(rows);
    const steps = (points: Look["around"]) => points.map(([x, y]) => y * this.#stride + x);
    this.#around = Int32Array.from(steps(look.around));
    this.#probes = steps(look.probes) as unknown as Probes;
  }

  /** Whether every pixel of the stage is drawn. */
  get whole(): boolean {
    return this.#drawn === this.size.height;
  }

  /** Looks at the picture through another zoom and pan. Nothing is drawn before `more` draws it. */
  turn(aim: Aim): void {
    this.#aim = aim;
    this.#drawn = 0;
  }

  /** Draws the next rows, at most `rows` of them, after `turn`. */
  more(plane: Plane, rows = this.size.height): void {
    const around = 2 * this.#margin;
    const from = this.#drawn;
    const to = Math.min(this.size.height, from + rows);
    const known = from === 0 ? 0 : from + around;
    this.#seen.fill(NONE, known * this.#stride, (to + around) * this.#stride);
    this.#out.fill(0, from * this.size.width, to * this.size.width);
    this.#sample(plane, { x: 0, y: known, width: this.#stride, height: to + around - known });
    this.#colourNear(from, to, from, to + around);
    this.#drawn = to;
  }

  /** The same zoom at another pan: shifts what is drawn, draws what came into sight. Null where that is no gain. */
  shift(plane: Plane, aim: Aim): Rect[] | null {
    const { width, height } = this.size;
    const now = this.#aim;
    if (now === null || !this.whole || now.scale !== aim.scale) return null;
    const dx = aim.x - now.x;
    const dy = aim.y - now.y;
    if (Math.abs(dx) >= width || Math.abs(dy) >= height) return null;
    this.#aim = aim;
    this.#seen.copyWithin(...moved(dy * this.#stride + dx));
    this.#out.copyWithin(...moved(dy * width + dx));
    const strips: Rect[] = [];
    if (dx !== 0) {
      const x = dx > 0 ? 0 : width + dx;
      const beyond = dx > 0 ? 0 : x + 2 * this.#margin;
      this.#sample(plane, { x: beyond, y: 0, width: Math.abs(dx), height: this.#firsts.length });
      strips.push({ x, y: 0, width: Math.abs(dx), height });
    }
    if (dy !== 0) {
      const y = dy > 0 ? 0 : height + dy;
      const beyond = dy > 0 ? 0 : y + 2 * this.#margin;
      this.#sample(plane, { x: 0, y: beyond, width: this.#stride, height: Math.abs(dy) });
      strips.push({ x: 0, y, width, height: Math.abs(dy) });
    }
    for (const { x, y, width: across, height: down } of strips) {
      for (let row = y; row < y + down; row++) this.#colour(row, x, x + across);
    }
    return strips;
  }

  /** Draws again what a change inside `rect` of the picture altered; says which device pixels that may be. */
  draw(plane: Plane, rect: Rect): Rect | null {
    const { height } = this.size;
    if (this.#aim === null) return null;
    const { scale, x, y } = this.#aim;
    const margin = this.#margin;
    // One pixel more on each side: a pixel belongs to where its centre is.
    const seen = cover(
      rect.x * scale + x - 1 + margin,
      rect.y * scale + y - 1 + margin,
      (rect.x + rect.width) * scale + x + 1 + margin,
      (rect.y + rect.height) * scale + y + 1 + margin,
      this.#stride,
      this.#firsts.length,
    );
    if (seen === null) return null;
    this.#sample(plane, seen);
    const bottom = seen.y + seen.height;
    return this.#colourNear(Math.max(0, seen.y - 2 * margin), Math.min(height, bottom), seen.y, bottom);
  }

  /** Colours rows `top` to `bottom` of the stage near the labels that were new in rows `from` to `to` with their margin. */
  #colourNear(top: number, bottom: number, from: number, to: number): Rect | null {
    const { width } = this.size;
    const around = 2 * this.#margin;
    let place: Rect | null = null;
    for (let row = top; row < bottom; row++) {
      // A pixel's colour depends on the labels up to a margin away: on the changes of the rows around it, so far aside.
      let first = width;
      let last = -1;
      for (let near = Math.max(row, from); near <= Math.min(row + around, to - 1); near++) {
        first = Math.min(first, this.#firsts[near] as number);
        last = Math.max(last, this.#lasts[near] as number);
      }
      if (last < 0) continue;
      first = Math.max(0, first - around);
      last = Math.min(width, last + 1);
      if (first >= last) continue;
      this.#colour(row, first, last);
      place = union(place, { x: first, y: row, width: last - first, height: 1 });
    }
    return place;
  }

  /** Looks at the plane; notes for each row of the stage and its margin the first and the last label that is new. */
  #sample({ data, width: wide }: Plane, { x, y, width, height }: Rect): void {
    const { columns, rows } = this.#aim as Aim;
    const seen = this.#seen;
    for (let row = y; row < y + height; row++) {
      const start = row * this.#stride;
      const source = rows[row] as number;
      const line = source * wide;
      let first = this.#stride;
      let last = -1;
      for (let at = x; at < x + width; at++) {
        const column = columns[at] as number;
        const label = source < 0 || column < 0 ? NONE : (data[line + column] as number);
        if (seen[start + at] === label) continue;
        seen[start + at] = label;
        if (last < 0) first = at;
        last = at;
      }
      this.#firsts[row] = first;
      this.#lasts[row] = last;
    }
  }

  #colour(row: number, first: number, last: number): void {
    const seen = this.#seen;
    const { flat, unit } = this.look;
    const out = this.#out;
    // Patterns are drawn in CSS pixels and hang on the picture, so that panning does not make them swim.
    const { x, y } = this.#aim as Aim;
    const line = (Math.floor((row - y) / unit) & 7) << 3;
    const [p0, p1, p2, p3, p4, p5, p6, p7] = this.#probes;
    let at = (row + this.#margin) * this.#stride + first + this.#margin;
    let to = row * this.size.width + first;
    for (let column = first; column < last; column++, at++, to++) {
      const label = seen[at] as number;
      const even =
        seen[at + p0] === label &&
        seen[at + p1] === label &&
        seen[at + p2] === label &&
        seen[at + p3] === label &&
        seen[at + p4] === label &&
        seen[at + p5] === label &&
        seen[at + p6] === label &&
        seen[at + p7] === label;
      if (!even) out[to] = this.#edge(at, label);
      else if (label === NONE) out[to] = 0;
      else out[to] = flat[(label << 6) | line | (Math.floor((column - x) / unit) & 7)] as number;
    }
  }

  /** Near an edge the share of the label around a pixel says how far the edge is. */
  #edge(at: number, label: number): number {
    const seen = this.#seen;
    const around = this.#around;
    let owner = label;
    let count = 0;
    for (let step = 0; step < around.length; step++) {
      const other = seen[at + (around[step] as number)] as number;
      if (other === NONE) continue;
      if (owner === NONE) owner = other;
      if (other === owner) count++;
    }
    if (owner === NONE) return 0;
    const side = label === NONE ? 0 : KINDS;
    return this.look.edges[(side + owner) * (around.length + 1) + count] as number;
  }
}

/** What `copyWithin` wants to hear for a shift by so much. */
function moved(by: number): [target: number, start: number] {
  return by > 0 ? [by, 0] : [0, -by];
}
