// The processor's way to show paint: best where there is no graphics card, and always there.
import type { Aim } from "../paint/aim";
import type { Rect } from "../paint/geometry";
import type { Look } from "../paint/look";
import { Overlay } from "../paint/overlay";
import type { Plane } from "../paint/plane";
import type { Size } from "../paint/viewport";
import type { Screen } from "./screen";
import { Tiles } from "./tiles";

/** Milliseconds of a frame, and the rows after which one looks at the clock. */
const TURN = 8;
const ROWS = 24;

export class CanvasScreen implements Screen {
  readonly #tiles: Tiles;
  #overlay: Overlay | null = null;
  #plane: Plane | null = null;
  /** What the tiles hold, and what they shall. */
  #held: Aim | null = null;
  #aim: Aim | null = null;

  constructor(layer: HTMLElement) {
    this.#tiles = new Tiles(layer);
  }

  resize(size: Size, look: Look): void {
    this.#overlay = new Overlay(size, look);
    this.#tiles.resize(this.#overlay.pixels, size, look.density);
    this.#held = null;
  }

  draw(plane: Plane, aim: Aim, dirty: Rect | null): boolean {
    const overlay = this.#overlay;
    if (overlay === null) return false;
    const held = this.#plane === plane ? this.#held : null;
    this.#plane = plane;
    const moved = aim !== this.#aim;
    this.#aim = aim;
    if (moved) {
      const strips = held && overlay.shift(plane, aim);
      if (strips) {
        this.#held = aim;
        this.#tiles.aim(aim);
        for (const strip of strips) this.#tiles.put(strip);
      } else {
        overlay.turn(aim);
        // While one zooms, paint is stretched like the photo under it; once at rest it is drawn anew, a slice a frame.
        if (held) this.#tiles.aim(aim, aim.scale / held.scale);
        if (held && !dirty) return true;
      }
    }
    if (!overlay.whole) {
      const end = held && !dirty ? performance.now() + TURN : Number.POSITIVE_INFINITY;
      while (!overlay.whole && performance.now() < end) overlay.more(plane, ROWS);
      if (!overlay.whole) return true;
      this.#held = aim;
      this.#tiles.aim(aim, 0);
      this.#tiles.put({ x: 0, y: 0, ...overlay.size });
    } else if (dirty) {
      const changed = overlay.draw(plane, dirty);
      if (changed) this.#tiles.put(changed);
    }
    return false;
  }

  end(): void {
    this.#tiles.end();
  }
}
