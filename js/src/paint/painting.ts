// A drawing that can be changed: labels, paths, and every step that led there. Knows neither screen nor kernel.
import { capsuleBounds, fillCapsule } from "./capsule";
import { flood } from "./flood";
import { type Point, type Rect, union } from "./geometry";
import { type Change, History, type Path, type Paths } from "./history";
import { AREAS, type AreaNumber, isArea, type Label, NONE, Plane, STATIC } from "./plane";
import { Tally } from "./tally";

export class Painting {
  readonly plane: Plane;
  readonly paths: Paths;
  readonly tally = new Tally();
  readonly history: History;
  /** While this is set, a hand changes only pixels of nothing and of this label. Python and undo change any. */
  protect: Label | null = null;

  constructor(width: number, height: number, labels?: Uint8Array, paths: Paths = new Map()) {
    this.plane = new Plane(width, height, labels);
    this.paths = paths;
    this.history = new History(this.plane, this.paths, this.tally);
    if (labels) this.tally.take(labels, this.whole, 1);
  }

  get whole(): Rect {
    return { x: 0, y: 0, width: this.plane.width, height: this.plane.height };
  }

  /** Share of the picture that a label covers, 0 to 1. */
  share(label: Label): number {
    return this.tally.count(label) / (this.plane.width * this.plane.height);
  }

  get empty(): boolean {
    return this.paths.size === 0 && ([...AREAS, STATIC] as const).every((label) => this.tally.count(label) === 0);
  }

  middle(label: Label): Point | null {
    return this.tally.middle(label, this.plane);
  }

  /** Lays a brush of that radius from `a` to `b`; says what may have changed. */
  lay(a: Point, b: Point, radius: number, label: Label): Rect | null {
    const bounds = capsuleBounds(a, b, radius, this.plane);
    if (bounds === null) return null;
    this.history.touch(bounds);
    fillCapsule(this.plane, a, b, radius, label, bounds, this.protect);
    return bounds;
  }

  /** Fills the region of one label around a point of the picture. */
  fill([x, y]: Point, label: Label): Rect | null {
    const column = Math.floor(x);
    const row = Math.floor(y);
    if (column < 0 || row < 0 || column >= this.plane.width || row >= this.plane.height) return null;
    const was = this.plane.at([x, y]);
    if (this.protect !== null && was !== NONE && was !== this.protect) return null;
    return flood(this.plane, column, row, label, (span) => this.history.touch(span));
  }

  setPath(area: AreaNumber, path: Path | null): void {
    this.history.setPath(area, path);
  }

  /** Takes away the pixels of these labels and their paths. */
  clear(labels: readonly Label[]): Rect | null {
    const { plane, history } = this;
    let rect: Rect | null = null;
    for (const area of labels) if (isArea(area) && this.paths.has(area)) history.setPath(area, null);
    const gone = labels.filter((label) => this.tally.count(label) > 0);
    if (gone.length === 0) return null;
    for (let row = 0; row < plane.height; row++) {
      const start = row * plane.width;
      const line = plane.data.subarray(start, start + plane.width);
      for (const label of gone) {
        for (let at = line.indexOf(label); at >= 0; at = line.indexOf(label, at)) {
          let end = at + 1;
          while (end < line.length && line[end] === label) end++;
          const span = { x: at, y: row, width: end - at, height: 1 };
          history.touch(span);
          line.fill(NONE, at, end);
          rect = union(rect, span);
          at = end;
        }
      }
    }
    return rect;
  }

  /** Puts labels from elsewhere into `rect`. */
  paste(rect: Rect, labels: Uint8Array): void {
    this.history.touch(rect);
    this.plane.paste(rect, labels);
  }

  commit(): Change | null {
    return this.history.commit();
  }

  cancel(): Change {
    return this.history.cancel();
  }

  undo(): Change | null {
    return this.history.undo();
  }

  redo(): Change | null {
    return this.history.redo();
  }

  /** Every path as JSON carries it: an area's number, its points or null. */
  pathsOnWire(areas: readonly AreaNumber[] = AREAS): Record<string, Path | null> {
    return Object.fromEntries(areas.map((area) => [area, this.paths.get(area) ?? null]));
  }
}
