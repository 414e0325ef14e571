// Six colours that colour-blind eyes can tell apart (Okabe and Ito, 2008), a white and grey hatch for what stands still, and
// for grey eyes and print a pattern each.
import { KINDS, type Label, STATIC } from "./plane";

export type Colour = readonly [red: number, green: number, blue: number];

const COLOURS: readonly Colour[] = [
  [0, 0, 0],
  [0xe6, 0x9f, 0x00],
  [0x56, 0xb4, 0xe9],
  [0x00, 0x9e, 0x73],
  [0xf0, 0xe4, 0x42],
  [0x00, 0x72, 0xb2],
  [0xd5, 0x5e, 0x00],
  [0xf4, 0xf5, 0xf6],
];
const GREY: Colour = [0x5a, 0x60, 0x66];

export function colourOf(label: Label): Colour {
  return COLOURS[label] as Colour;
}

export function css(colour: Colour, alpha = 1): string {
  return `rgb(${colour.join(" ")} / ${alpha})`;
}

/** Black or white, whichever reads better on the label's colour. */
export function inkOn(label: Label): Colour {
  const [red, green, blue] = colourOf(label);
  return 0.299 * red + 0.587 * green + 0.114 * blue > 128 ? [0, 0, 0] : [255, 255, 255];
}

/** Whether pixel (x, y) of an 8 by 8 pattern lies on the label's mark. */
const MARKS: readonly ((x: number, y: number) => boolean)[] = [
  () => false,
  () => false,
  (_, y) => y === 0,
  (x) => x === 0,
  (x, y) => x % 4 === 1 && y % 4 === 1,
  (x, y) => (x + y) % 8 === 0,
  (x, y) => (x - y + 8) % 8 === 0,
  (x, y) => (x + y) % 8 < 4,
];

const FILL = 0.35;
const MARK = 0.55;

/** The colours of flat paint: 64 of them a label, RGBA as an ImageData's Uint32Array holds them. */
export function flatColours(): Uint32Array<ArrayBuffer> {
  const colours = new Uint32Array(KINDS * 64);
  for (let label = 1; label < KINDS; label++) {
    for (let cell = 0; cell < 64; cell++) {
      const marked = (MARKS[label] as (x: number, y: number) => boolean)(cell % 8, cell >> 3);
      const colour = label === STATIC && !marked ? GREY : (COLOURS[label] as Colour);
      colours[label * 64 + cell] = pack(colour, marked && label !== STATIC ? MARK : FILL);
    }
  }
  return colours;
}

/** Little-endian RGBA, as every machine that runs a browser has it. */
export function pack([red, green, blue]: Colour, alpha: number): number {
  return ((Math.round(alpha * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
