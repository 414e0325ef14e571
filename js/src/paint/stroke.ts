// A hand's samples become a smooth line of capsules. Each piece is laid as soon as its sample is there, so ink never lags.
import { between, distance, type Point } from "./geometry";

export interface Sample {
  readonly at: Point;
  readonly radius: number;
}

/** Where a turn is sharper than this the hand meant a corner, and a curve would swing past it. */
const CORNER = Math.cos(Math.PI / 3);

export class Stroke {
  #before: Sample | null = null;
  #last: Sample | null = null;

  constructor(private readonly lay: (from: Point, to: Point, radius: number) => void) {}

  get end(): Sample | null {
    return this.#last;
  }

  to(sample: Sample): void {
    const last = this.#last;
    if (last === null) {
      this.lay(sample.at, sample.at, sample.radius);
    } else {
      // Half a brush step of jitter says nothing about where the hand goes.
      if (distance(last.at, sample.at) < Math.min(1, sample.radius / 4) && sample.radius <= last.radius) return;
      this.#curve(last, sample, this.#bend(last, sample));
    }
    this.#before = last;
    this.#last = sample;
  }

  /** As `to`, in a straight line whatever came before. */
  straight(sample: Sample): void {
    this.#before = null;
    this.to(sample);
  }

  /** The point that pulls the piece from `last` to `next`, or null where it runs straight. */
  #bend(last: Sample, next: Sample): Point | null {
    if (this.#before === null) return null;
    const [ax, ay] = this.#before.at;
    const [bx, by] = last.at;
    const [cx, cy] = next.at;
    const came = Math.hypot(bx - ax, by - ay);
    const goes = Math.hypot(cx - bx, cy - by);
    if (came === 0 || goes === 0) return null;
    if (((bx - ax) * (cx - bx) + (by - ay) * (cy - by)) / (came * goes) < CORNER) return null;
    // Centripetal Catmull-Rom's tangent: samples far apart pull less than their distance.
    const near = Math.sqrt(came);
    const far = Math.sqrt(goes);
    const slope = (a: number, b: number, c: number) => (b - a) / near - (c - a) / (near + far) + (c - b) / far;
    const dx = slope(ax, bx, cx);
    const dy = slope(ay, by, cy);
    const size = Math.hypot(dx, dy);
    return size === 0 ? null : [bx + (dx / size) * (goes / 2), by + (dy / size) * (goes / 2)];
  }

  #curve(from: Sample, to: Sample, bend: Point | null): void {
    const step = Math.max(1, Math.min(from.radius, to.radius) / 4);
    const even = from.radius === to.radius;
    const pieces = even && bend === null ? 1 : Math.max(1, Math.ceil(distance(from.at, to.at) / step));
    let start = from.at;
    for (let piece = 1; piece <= pieces; piece++) {
      const share = piece / pieces;
      const end = bend
        ? between(between(from.at, bend, share), between(bend, to.at, share), share)
        : between(from.at, to.at, share);
      this.lay(start, end, from.radius + (to.radius - from.radius) * share);
      start = end;
    }
  }
}
