// What the background of the preview looks like where something was taken out: texture that goes on, not a printed grid.
import { expect, test } from "vitest";
import { fill } from "../src/preview/fill";
import type { Picture } from "../src/preview/picture";
import { reduced } from "../src/preview/shrink";
import { dice } from "./random";

const SIZE = { width: 320, height: 240 };
const FACTOR = 2;
const DISC = { x: 165, y: 118, radius: 62 };

test.each([
  ["wood", 14],
  ["noise", 0],
])("%s goes on through a hole: as rough as around it, and no scrap of it stamped over and over", (_, along) => {
  const photo = grained(along, dice(11));
  const hole = Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, at) => (far(at) < DISC.radius ? 255 : 0));
  const filled = closed(photo, hole);
  const [inside, around] = [(at: number) => far(at) < DISC.radius - 6, (at: number) => ring(far(at))];
  const rough = roughness(filled, inside) / roughness(photo, around);
  expect(rough).toBeGreaterThan(0.6);
  expect(rough).toBeLessThan(1.5);
  expect(stamped(filled, inside)).toBeLessThan(stamped(photo, inside) + 0.15);
});

test("outside the hole not a value changes, and the same drawing is filled the same", () => {
  const photo = grained(14, dice(2));
  const hole = Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, at) => (far(at) < 30 ? 1 : 0));
  const filled = closed(photo, hole);
  expect(filled.data.every((value, at) => hole[at >> 2] || value === photo.data[at])).toBe(true);
  expect(same(closed(photo, hole), filled)).toBe(true);
});

test("a hole that is the whole picture is filled, and a picture without a hole is left", () => {
  const photo = grained(14, dice(4));
  const all = new Uint8Array(SIZE.width * SIZE.height).fill(1);
  expect(Math.min(...closed(photo, all).data.slice(0, 4000))).toBeGreaterThan(0);
  expect(same(closed(photo, new Uint8Array(all.length)), photo)).toBe(true);
});

/** Brown, with grain that runs so many pixels along the rows; and slow light and dark, as a photo has. */
function grained(along: number, random: () => number): Picture {
  const { width, height } = SIZE;
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    let grain = 0;
    for (let x = 0; x < width; x++) {
      if (along === 0 || random() < 1 / along) grain = (random() - 0.5) * 70;
      const light = 120 + grain + (x + y) / 12;
      data.set([light + 30, light, light - 30, 255], 4 * (y * width + x));
    }
  }
  return { ...SIZE, data };
}

function closed(photo: Picture, hole: Uint8Array): Picture {
  const steps = fill(photo, reduced(photo, FACTOR), FACTOR, hole);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

function same(one: Picture, other: Picture): boolean {
  return one.data.every((value, at) => value === other.data[at]);
}

function far(at: number): number {
  return Math.hypot((at % SIZE.width) - DISC.x, Math.floor(at / SIZE.width) - DISC.y);
}

function ring(off: number): boolean {
  return off > DISC.radius && off < DISC.radius + 30;
}

/** What each pixel has that the mean of the square around it has not. */
function detail({ data }: Picture): Float32Array {
  const { width, height } = SIZE;
  const out = new Float32Array(width * height);
  for (let y = 2; y < height - 2; y++) {
    for (let x = 2; x < width - 2; x++) {
      let sum = 0;
      for (let v = y - 2; v <= y + 2; v++) {
        for (let u = x - 2; u <= x + 2; u++) sum += data[4 * (v * width + u)] as number;
      }
      out[y * width + x] = (data[4 * (y * width + x)] as number) - sum / 25;
    }
  }
  return out;
}

function roughness(picture: Picture, among: (at: number) => boolean): number {
  const kept = detail(picture).filter((_, at) => among(at));
  return Math.sqrt(kept.reduce((sum, value) => sum + value * value, 0) / kept.length);
}

/** How much the detail is like itself some way further on, 0 to 1, at the distance where it is most. */
function stamped(picture: Picture, among: (at: number) => boolean): number {
  const rough = detail(picture);
  const places = Array.from(rough.keys()).filter((at) => at % 2 === 0 && among(at));
  let most = 0;
  for (let dy = 0; dy <= 24; dy++) {
    for (let dx = -24; dx <= 24; dx++) {
      // What is so near is like it anyhow.
      if (dy < 5 && Math.abs(dx) < 5) continue;
      let [both, one, other] = [0, 1e-9, 1e-9];
      for (const at of places) {
        const there = at + dy * SIZE.width + dx;
        if (!among(there)) continue;
        const [here, next] = [rough[at] as number, rough[there] as number];
        both += here * next;
        one += here * here;
        other += next * next;
      }
      most = Math.max(most, both / Math.sqrt(one * other));
    }
  }
  return most;
}
