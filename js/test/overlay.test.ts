import { describe, expect, test } from "vitest";
import { STEPS } from "../src/gl/shader";
import { type Aim, aim } from "../src/paint/aim";
import { packLabels, unpackLabels } from "../src/paint/deflate";
import { Look } from "../src/paint/look";
import { Overlay } from "../src/paint/overlay";
import { Painting } from "../src/paint/painting";
import { decodeRuns, encodeRuns } from "../src/paint/runs";
import { toPicture, toScreen } from "../src/paint/viewport";
import { dice } from "./random";

const DENSITIES = [1, 1.25, 1.5, 2];

/** The first pixel that two drawings of one stage differ in; -1 where they are the same. */
function apart(one: Overlay, other: Overlay): number {
  return one.pixels.findIndex((value, at) => value !== other.pixels[at]);
}

function whole(painting: Painting, size: Overlay["size"], look: Look, aimed: Aim): Overlay {
  const overlay = new Overlay(size, look);
  overlay.turn(aimed);
  overlay.more(painting.plane);
  return overlay;
}

function scribbled(random: () => number): Painting {
  const painting = new Painting(200, 150);
  const point = () => [random() * 200, random() * 150] as const;
  for (let stroke = 0; stroke < 12; stroke++) {
    painting.lay(point(), point(), 2 + random() * 20, Math.floor(random() * 8) as 0);
  }
  return painting;
}

describe("paint on screen", () => {
  test("that a pan has shifted is the same as drawn anew, also with strokes between the steps", () => {
    const random = dice(21);
    for (let turn = 0; turn < 12; turn++) {
      const density = DENSITIES[turn % 4] as number;
      const look = new Look(density);
      const size = { width: Math.round(90 * density), height: Math.round(70 * density) };
      const painting = scribbled(random);
      let view = { scale: 0.3 + random() * 3, x: 0, y: 0 };
      const shifted = whole(painting, size, look, aim(painting.plane, view, size, look));
      for (let step = 0; step < 8; step++) {
        view = { ...view, x: view.x + random() * 80 - 40, y: view.y + (step % 3 ? random() * 60 - 30 : 0) };
        const aimed = aim(painting.plane, view, size, look);
        expect(shifted.shift(painting.plane, aimed)).not.toBeNull();
        const rect = painting.lay([random() * 200, random() * 150], [random() * 200, random() * 150], 9, 3);
        if (rect) shifted.draw(painting.plane, rect);
        expect(apart(shifted, whole(painting, size, look, aimed))).toBe(-1);
      }
    }
  });

  test("is not shifted to another zoom, nor beyond the stage, nor while half drawn", () => {
    const painting = scribbled(dice(22));
    const size = { width: 100, height: 80 };
    const look = new Look(1);
    const at = (scale: number, x: number) => aim(painting.plane, { scale, x, y: 0 }, size, look);
    const overlay = whole(painting, size, look, at(1, 0));
    expect(overlay.shift(painting.plane, at(1.5, 0))).toBeNull();
    expect(overlay.shift(painting.plane, at(1, -100))).toBeNull();
    overlay.turn(at(1, 0));
    overlay.more(painting.plane, 30);
    expect(overlay.shift(painting.plane, at(1, -5))).toBeNull();
  });

  test("drawn in slices is the same as drawn at once", () => {
    const random = dice(23);
    const painting = scribbled(random);
    const size = { width: 150, height: 111 };
    const look = new Look(2);
    const overlay = whole(painting, size, look, aim(painting.plane, { scale: 0.7, x: 3, y: -8 }, size, look));
    const aimed = aim(painting.plane, { scale: 1.3, x: -20, y: 4 }, size, look);
    overlay.turn(aimed);
    while (!overlay.whole) overlay.more(painting.plane, 1 + Math.floor(random() * 20));
    expect(apart(overlay, whole(painting, size, look, aimed))).toBe(-1);
  });

  test("looks no further around a pixel than a graphics card is told to", () => {
    expect(Math.max(...DENSITIES.map((density) => new Look(density).around.length))).toBe(STEPS);
  });
});

describe("a pixel of the stage", () => {
  test("shows the photo's pixel that a pointer on it touches, at any zoom and density", () => {
    const random = dice(24);
    const photo = { width: 3840, height: 2160 };
    for (let turn = 0; turn < 200; turn++) {
      const density = DENSITIES[turn % 4] as number;
      const look = new Look(density);
      const size = { width: 300, height: 200 };
      const offset = () => Math.round((random() * 4000 - 3700) * density) / density;
      const view = { scale: 0.05 + random() * 30, x: offset(), y: offset() };
      const { columns, rows } = aim(photo, view, size, look);
      for (let glance = 0; glance < 20; glance++) {
        const at = [Math.floor(random() * 300), Math.floor(random() * 200)] as const;
        const pointer = [(at[0] + 0.5) / density, (at[1] + 0.5) / density] as const;
        const [x, y] = toPicture(view, pointer);
        const within = (place: number, length: number) => (place < 0 || place >= length ? -1 : Math.floor(place));
        expect(columns[at[0] + look.margin]).toBe(within(x, photo.width));
        expect(rows[at[1] + look.margin]).toBe(within(y, photo.height));
        const [sx, sy] = toScreen(view, [x, y]);
        expect([sx, sy].map((value) => Math.round(value * 1e6))).toEqual(pointer.map((v) => Math.round(v * 1e6)));
      }
    }
  });
});

describe("labels packed", () => {
  test("for undo and for the wire come back as they were, at any width", async () => {
    const random = dice(25);
    for (let turn = 0; turn < 40; turn++) {
      const width = 1 + Math.floor(random() * 90);
      const height = 1 + Math.floor(random() * 60);
      const wild = random();
      let label = 0;
      const labels = Uint8Array.from({ length: width * height }, () => {
        if (random() < wild) label = Math.floor(random() * 8);
        return label;
      });
      expect(decodeRuns(encodeRuns(labels), new Uint8Array(labels.length))).toEqual(labels);
      expect(await unpackLabels(await packLabels(labels, width), width)).toEqual(labels);
    }
  });
});
