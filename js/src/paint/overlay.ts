// Labels as a person sees them, at the screen's own pixels: 35 % paint, a smooth outline, a thin dark halo around it.
// The cost follows the screen, not the photo, and nothing is ever read back from a canvas.
import { cover, type Rect } from "./geometry";
import { colourOf, flatColours, pack } from "./palette";
import { KINDS, type Label, NONE, type Plane } from "./plane";
import type { Size, Viewport } from "./viewport";

/** In CSS pixels. */
const OUTLINE = 1.5;
const HALO = 1.25;
const HALO_STRENGTH = 0.5;
const FILL = 0.35;
/** How far around a pixel one looks for an edge: the outline and half a pixel of softness. */
const REACH = 2.25;

/** Steps to eight pixels around one: where they all hold its label there is no edge within reach. */
type Probes = readonly [number, number, number, number, number, number, number, number];

export class Overlay {
  /** RGBA of the whole stage; a canvas takes the changed rectangle from it. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  readonly #out: Uint32Array;
  /** Labels of the stage's pixels with `#margin` more around them, so that looking around needs no checks. */
  readonly #seen: Uint8Array;
  readonly #margin: number;
  readonly #stride: number;
  readonly #around: Int32Array;
  readonly #probes: Probes;
  readonly #edges: Uint32Array;
  readonly #flat = flatColours();
  /** The picture's column (row) under each column (row) of the stage and its margin, -1 outside the picture. */
  #columns: Int32Array;
  #rows: Int32Array;
  readonly #firsts: Int32Array;
  readonly #lasts: Int32Array;
  #view: Viewport = { scale: 1, x: 0, y: 0 };

  constructor(
    /** Of the stage in device pixels. */
    readonly size: Size,
    /** Device pixels a CSS pixel. */
    readonly density: number,
  ) {
    const { width, height } = size;
    const reach = REACH * density;
    this.#margin = Math.ceil(reach) + 1;
    this.#stride = width + 2 * this.#margin;
    this.#seen = new Uint8Array(this.#stride * (height + 2 * this.#margin));
    this.pixels = new Uint8ClampedArray(width * height * 4);
    this.#out = new Uint32Array(this.pixels.buffer);
    this.#columns = new Int32Array(this.#stride);
    this.#rows = new Int32Array(height + 2 * this.#margin);
    this.#firsts = new Int32Array(this.#rows.length);
    this.#lasts = new Int32Array(this.#rows.length);
    this.#around = discOffsets(reach, this.#stride);
    const far = Math.floor(reach);
    const slant = Math.round(reach * Math.SQRT1_2);
    const s = this.#stride;
    this.#probes = [
      -far,
      far,
      -far * s,
      far * s,
      -slant - slant * s,
      slant - slant * s,
      slant * s - slant,
      slant * s + slant,
    ];
    this.#edges = edgeColours(this.#around.length, reach, density);
  }

  /** Looks at the picture through another zoom and pan (in CSS pixels). Draw the whole stage afterwards. */
  look(plane: Plane, view: Viewport): void {
    this.#view = { scale: view.scale * this.density, x: view.x * this.density, y: view.y * this.density };
    const { scale, x, y } = this.#view;
    const under = (line: Int32Array, offset: number, length: number) => {
      for (let at = 0; at < line.length; at++) {
        const place = Math.floor((at - this.#margin + 0.5 - offset) / scale);
        line[at] = place >= 0 && place < length ? place : -1;
      }
    };
    under(this.#columns, x, plane.width);
    under(this.#rows, y, plane.height);
  }

  /** Draws the whole stage. */
  drawAll(plane: Plane): Rect {
    const { width, height } = this.size;
    this.#sample(plane, { x: 0, y: 0, width: this.#columns.length, height: this.#rows.length });
    for (let row = 0; row < height; row++) this.#colour(row, 0, width);
    return { x: 0, y: 0, width, height };
  }

  /** Draws again what a change inside `rect` of the picture altered; says which device pixels that may be. */
  draw(plane: Plane, rect: Rect): Rect | null {
    const { width, height } = this.size;
    const { scale, x, y } = this.#view;
    const margin = this.#margin;
    // One pixel more on each side: a pixel belongs to where its centre is.
    const seen = cover(
      rect.x * scale + x - 1 + margin,
      rect.y * scale + y - 1 + margin,
      (rect.x + rect.width) * scale + x + 1 + margin,
      (rect.y + rect.height) * scale + y + 1 + margin,
      this.#columns.length,
      this.#rows.length,
    );
    if (seen === null) return null;
    this.#sample(plane, seen);
    let left = width;
    let right = 0;
    let top = -1;
    let bottom = 0;
    const end = Math.min(height, seen.y + seen.height);
    for (let row = Math.max(0, seen.y - 2 * margin); row < end; row++) {
      // A pixel's colour depends on the labels up to `margin` away: on the changes of the rows around it, so far aside.
      let first = width;
      let last = -1;
      const below = Math.min(row + 2 * margin, seen.y + seen.height - 1);
      for (let near = Math.max(row, seen.y); near <= below; near++) {
        first = Math.min(first, this.#firsts[near] as number);
        last = Math.max(last, this.#lasts[near] as number);
      }
      if (last < 0) continue;
      first = Math.max(0, first - 2 * margin);
      last = Math.min(width, last + 1);
      if (first >= last) continue;
      this.#colour(row, first, last);
      left = Math.min(left, first);
      right = Math.max(right, last);
      if (top < 0) top = row;
      bottom = row + 1;
    }
    return top < 0 ? null : { x: left, y: top, width: right - left, height: bottom - top };
  }

  /** Looks at the plane; notes for each row of the stage and its margin the first and the last label that is new. */
  #sample(plane: Plane, { x, y, width, height }: Rect): void {
    const { data } = plane;
    const columns = this.#columns;
    const seen = this.#seen;
    for (let row = y; row < y + height; row++) {
      const start = row * this.#stride;
      const source = this.#rows[row] as number;
      const line = source * plane.width;
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
    const flat = this.#flat;
    const out = this.#out;
    // Patterns are drawn in CSS pixels and hang on the picture, so that panning does not make them swim.
    const unit = Math.max(1, Math.round(this.density));
    const across = -Math.round(this.#view.x);
    const line = (Math.floor((row - Math.round(this.#view.y)) / unit) & 7) << 3;
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
      else out[to] = flat[(label << 6) | line | (Math.floor((column + across) / unit) & 7)] as number;
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
    return this.#edges[(side + owner) * (around.length + 1) + count] as number;
  }
}

function discOffsets(radius: number, stride: number): Int32Array {
  const offsets: number[] = [];
  const whole = Math.floor(radius);
  for (let y = -whole; y <= whole; y++) {
    for (let x = -whole; x <= whole; x++) if (x * x + y * y <= radius * radius) offsets.push(y * stride + x);
  }
  return Int32Array.from(offsets);
}

/** For pixels outside (first half) and inside (second half) of each label: a colour for every count of its pixels around. */
function edgeColours(around: number, reach: number, density: number): Uint32Array {
  const colours = new Uint32Array(2 * KINDS * (around + 1));
  for (let label = 1; label < KINDS; label++) {
    for (let count = 0; count <= around; count++) {
      const away = fromShare(count / around) * reach;
      colours[label * (around + 1) + count] = outside(label, Math.min(0, away), density);
      colours[(KINDS + label) * (around + 1) + count] = inside(label, Math.max(0, away), density);
    }
  }
  return colours;
}

/** The halo, and half a pixel of the outline's softness. The halo is black, so only the outline brings colour. */
function outside(label: number, away: number, density: number): number {
  const line = ramp(away);
  const halo = HALO_STRENGTH * ramp(away + HALO * density);
  const alpha = line + halo * (1 - line);
  const [red, green, blue] = colourOf(label as Label);
  const share = alpha === 0 ? 0 : line / alpha;
  return pack([Math.round(red * share), Math.round(green * share), Math.round(blue * share)], alpha);
}

/** The outline, softened towards the halo on one side and the paint on the other. */
function inside(label: number, away: number, density: number): number {
  const line = ramp(away) * (1 - ramp(away - OUTLINE * density));
  const beneath = away < 0.5 ? HALO_STRENGTH : FILL;
  return pack(colourOf(label as Label), line + beneath * (1 - line));
}

/** An edge one device pixel soft: 0 at half a pixel before it, 1 at half a pixel behind it. */
function ramp(away: number): number {
  return Math.min(1, Math.max(0, away + 0.5));
}

/** Which cut of a unit disc leaves that share of it: -1 (nothing) to 1 (all). */
function fromShare(share: number): number {
  let low = -1;
  let high = 1;
  for (let turn = 0; turn < 20; turn++) {
    const cut = (low + high) / 2;
    const left = 1 - (Math.acos(cut) - cut * Math.sqrt(1 - cut * cut)) / Math.PI;
    if (left < share) low = cut;
    else high = cut;
  }
  return (low + high) / 2;
}
