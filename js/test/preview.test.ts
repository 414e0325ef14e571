// The preview against the numbers and scenes of tests/motion, which the emulator's film is held to as well.
import { describe, expect, test } from "vitest";
import displacements from "../../tests/motion/displacement.json";
import scenes from "../../tests/motion/layers.json";
import type { Point } from "../src/paint/geometry";
import type { AreaNumber } from "../src/paint/plane";
import { type Cut, cut } from "../src/preview/cut";
import { displacement } from "../src/preview/displacement";
import { draw, shown } from "../src/preview/draw";
import { joined } from "../src/preview/joined";
import type { Picture } from "../src/preview/picture";
import { sampled } from "../src/preview/shrink";
import { Canvas } from "./board";
import { dice } from "./random";

type Rect = [x: number, y: number, width: number, height: number];
type Colour = [number, number, number];

interface Case {
  name: string;
  points: Point[];
  duration: number;
  times: number[];
  displacements: Point[];
}

interface Scene {
  name: string;
  size: [number, number];
  ground: Colour;
  blocks: { rect: Rect; colour: Colour }[];
  areas: Record<string, { rect: Rect; path: Point[] }>;
  static: Rect | null;
  duration: number;
  frames: {
    time: number;
    photo?: true;
    static?: true;
    colours?: [x: number, y: number, colour: Colour][];
    centres?: [block: number, x: number, y: number][];
  }[];
}

test.each(displacements.cases as unknown as Case[])("displacement: $name", (one) => {
  const found = one.times.map((time) => displacement(one.points, one.duration, time));
  for (const [at, [x, y]] of one.displacements.entries()) {
    expect(found[at]?.[0]).toBeCloseTo(x, 3);
    expect(found[at]?.[1]).toBeCloseTo(y, 3);
  }
});

describe("layers", () => {
  test.each(scenes.scenes as unknown as Scene[])("$name", (scene) => {
    const [width] = scene.size;
    const photo = painted(scene);
    const labels = labelled(scene);
    const drawn = Object.keys(scene.areas).map(Number) as AreaNumber[];
    const numbers = joined(labels, width, drawn, (area) => scene.areas[area]?.path);
    const layers = whole(cut(photo, labels, numbers));
    for (const { time, ...said } of scene.frames) {
      const frame = filmed(layers, (area) => displacement(scene.areas[area]?.path ?? [], scene.duration, time));
      const colour = (at: number) => frame.colour(at % width, Math.floor(at / width)).map(Math.round);
      const still = (_: number, at: number) => said.photo || (said.static && labels[at] === 7);
      const wrong = Array.from(labels, (_, at) => at).filter(
        (at) => still(0, at) && String(colour(at)) !== String(Array.from(photo.data.subarray(4 * at, 4 * at + 3))),
      );
      expect(wrong).toEqual([]);
      for (const [x, y, wanted] of said.colours ?? []) {
        const off = frame.colour(x, y).map((value, c) => Math.abs(value - (wanted[c] as number)));
        expect(Math.max(...off), `${time} s: ${x}, ${y} is ${frame.colour(x, y).map(Math.round)}`).toBeLessThan(10);
      }
      for (const [block, x, y] of said.centres ?? []) {
        const [cx, cy] = centre(frame, scene, block);
        expect(Math.hypot(cx - x, cy - y), `${time} s: centre at ${cx}, ${cy}`).toBeLessThan(0.25);
      }
    }
  });

  test("before anything has moved the photo shows, to the value; the static area's values never change", () => {
    const random = dice(5);
    for (let round = 0; round < 4; round++) {
      const size = { width: 60 + Math.floor(random() * 60), height: 60 + Math.floor(random() * 40) };
      const photo = noise(size, random);
      const labels = new Uint8Array(size.width * size.height);
      for (let blob = 0; blob < 9; blob++) disc(labels, size.width, random);
      const layers = whole(cut(photo, labels, [1, 2, 4, 6]));
      const before = rgb(photo);
      expect(bytes(filmed(layers, () => [0, 0]))).toEqual(before);
      const moved = bytes(filmed(layers, (area) => [random() * 40 - 20, area]));
      expect(moved.filter((value) => !(value >= 0 && value <= 255))).toEqual([]);
      const changed = moved.filter((value, at) => labels[Math.floor(at / 3)] === 7 && value !== before[at]);
      expect(changed).toEqual([]);
    }
  });

  test("as soon as something moves, nothing jumps", () => {
    const random = dice(8);
    const photo = noise({ width: 90, height: 70 }, random);
    const labels = new Uint8Array(90 * 70);
    for (let blob = 0; blob < 9; blob++) disc(labels, 90, random);
    const layers = whole(cut(photo, labels, [1, 2, 3, 4, 5, 6]));
    const before = rgb(photo);
    const after = bytes(filmed(layers, () => [0.001, 0]));
    expect(Math.max(...after.map((value, at) => Math.abs(value - (before[at] as number))))).toBeLessThan(4);
  });

  test("a whole picture painted still moves, and nothing of it is black", () => {
    const photo = noise({ width: 80, height: 60 }, dice(3));
    const layers = whole(cut(photo, new Uint8Array(80 * 60).fill(1), [1]));
    expect(Math.min(...bytes(filmed(layers, () => [20, 0])))).toBeGreaterThan(0);
  });

  test("an area without pixels is left out", () => {
    const photo = noise({ width: 40, height: 30 }, dice(3));
    expect(whole(cut(photo, new Uint8Array(40 * 30), [1, 2])).layers).toEqual([]);
  });
});

test("labels are sampled at the middle of each pixel", () => {
  const labels = Uint8Array.from({ length: 16 }, (_, at) => at);
  expect(Array.from(sampled(labels, { width: 4, height: 4 }, { width: 2, height: 2 }))).toEqual([5, 7, 13, 15]);
  expect(Array.from(sampled(labels, { width: 4, height: 4 }, { width: 4, height: 4 }))).toEqual(Array.from(labels));
});

function whole(steps: Generator<void, Cut>): Cut {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

function filmed(layers: Cut, moved: (area: AreaNumber) => Point): Canvas {
  const canvas = new Canvas(layers.photo.width, layers.photo.height);
  draw(
    canvas,
    shown(layers, (picture) => picture),
    moved,
  );
  return canvas;
}

function painted({ size: [width, height], ground, blocks }: Scene): Picture {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < width * height; at++) {
    const on = blocks.findLast(({ rect }) => inside(rect, at % width, Math.floor(at / width)));
    data.set([...(on?.colour ?? ground), 255], 4 * at);
  }
  return { width, height, data };
}

function labelled({ size: [width, height], areas, static: still }: Scene): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    if (still && inside(still, x, y)) return 7;
    return Number(Object.keys(areas).findLast((number) => inside(areas[number]?.rect as Rect, x, y)) ?? 0);
  });
}

function inside([left, top, width, height]: Rect, x: number, y: number): boolean {
  return x >= left && y >= top && x < left + width && y < top + height;
}

function centre(frame: Canvas, { ground, blocks }: Scene, block: number): [number, number] {
  const way = (blocks[block]?.colour ?? ground).map((value, c) => value - (ground[c] as number));
  const long = way.reduce((sum, value) => sum + value * value, 0);
  let [sum, sx, sy] = [0, 0, 0];
  for (let y = 0; y < frame.height; y++) {
    for (let x = 0; x < frame.width; x++) {
      const off = frame.colour(x, y).map((value, c) => (value - (ground[c] as number)) * (way[c] as number));
      const share = off.reduce((one, other) => one + other, 0) / long;
      const weight = Math.min(1, Math.max(0, (share - 0.1) / 0.9));
      sum += weight;
      sx += weight * (x + 0.5);
      sy += weight * (y + 0.5);
    }
  }
  return [sx / sum, sy / sum];
}

function noise({ width, height }: { width: number; height: number }, random: () => number): Picture {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < data.length; at++) data[at] = at % 4 === 3 ? 255 : 60 + random() * 120;
  return { width, height, data };
}

function disc(labels: Uint8Array, width: number, random: () => number): void {
  const [x, y] = [random() * width, random() * (labels.length / width)];
  const [radius, label] = [4 + random() * 16, Math.floor(random() * 8)];
  for (let at = 0; at < labels.length; at++) {
    if (Math.hypot((at % width) - x, Math.floor(at / width) - y) < radius) labels[at] = label;
  }
}

function bytes(canvas: Canvas): number[] {
  return Array.from(canvas.data, (value) => Math.round(value * 255));
}

function rgb({ data }: Picture): number[] {
  return Array.from(data).filter((_, at) => at % 4 !== 3);
}
