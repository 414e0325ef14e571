// How labels look at one density of screen: 35 % paint, a smooth outline, a thin dark halo around it. Kept as tables, so that
// whatever draws them, the processor or a graphics card, draws the same.
import type { Point } from "./geometry";
import { colourOf, flatColours, pack } from "./palette";
import { KINDS, type Label } from "./plane";

/** In CSS pixels. */
const OUTLINE = 1.5;
const HALO = 1.25;
const HALO_STRENGTH = 0.5;
const FILL = 0.35;
/** How far around a pixel one looks for an edge: the outline and half a pixel of softness. */
const REACH = 2.25;

export class Look {
  /** How many device pixels beyond the stage one must know the labels of. */
  readonly margin: number;
  /** Steps to the pixels around one. Near an edge the share of them that holds its label says how far the edge is. */
  readonly around: readonly Point[];
  /** Steps to eight pixels around one: where they all hold its label there is no edge within reach. */
  readonly probes: readonly Point[];
  /** Colours near an edge: for pixels outside (first half) and inside of each label, one for every count of its pixels around. */
  readonly edges: Uint32Array<ArrayBuffer>;
  /** Colours of flat paint: an 8 by 8 pattern a label, in units of `unit` device pixels. */
  readonly flat = flatColours();
  readonly unit: number;

  constructor(
    /** Device pixels a CSS pixel. */
    readonly density: number,
  ) {
    const reach = REACH * density;
    const far = Math.floor(reach);
    const slant = Math.round(reach * Math.SQRT1_2);
    this.margin = Math.ceil(reach) + 1;
    this.around = disc(reach);
    this.probes = [
      [-far, 0],
      [far, 0],
      [0, -far],
      [0, far],
      [-slant, -slant],
      [slant, -slant],
      [-slant, slant],
      [slant, slant],
    ];
    this.edges = edgeColours(this.around.length, reach, density);
    this.unit = Math.max(1, Math.round(density));
  }
}

function disc(radius: number): Point[] {
  const steps: Point[] = [];
  const whole = Math.floor(radius);
  for (let y = -whole; y <= whole; y++) {
    for (let x = -whole; x <= whole; x++) if (x * x + y * y <= radius * radius) steps.push([x, y]);
  }
  return steps;
}

function edgeColours(around: number, reach: number, density: number): Uint32Array<ArrayBuffer> {
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
