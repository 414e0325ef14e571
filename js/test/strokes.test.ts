import { describe, expect, test } from "vitest";
import { capsuleBounds, fillCapsule } from "../src/paint/capsule";
import type { Point } from "../src/paint/geometry";
import { Plane } from "../src/paint/plane";
import { type Sample, Stroke } from "../src/paint/stroke";
import { dice } from "./random";

function lay(plane: Plane, a: Point, b: Point, radius: number): void {
  const bounds = capsuleBounds(a, b, radius, plane);
  if (bounds) fillCapsule(plane, a, b, radius, 1, bounds);
}

/** The definition, by looking at every pixel: its centre is within `radius` of the line from `a` to `b`. */
function byDefinition(plane: Plane, [ax, ay]: Point, [bx, by]: Point, radius: number): Uint8Array {
  return Uint8Array.from(plane.data, (_, at) => {
    const x = (at % plane.width) + 0.5;
    const y = Math.floor(at / plane.width) + 0.5;
    const square = (bx - ax) ** 2 + (by - ay) ** 2;
    const along = square === 0 ? 0 : ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / square;
    const share = Math.min(1, Math.max(0, along));
    return Math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay)) <= radius ? 1 : 0;
  });
}

describe("a capsule", () => {
  test("of radius 1 at a corner of four pixels is these four", () => {
    const plane = new Plane(4, 4);
    lay(plane, [2, 2], [2, 2], 1);
    expect([...plane.data]).toEqual([0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
  });

  test("is every pixel whose centre is near enough, wherever it lies and however it is turned", () => {
    const random = dice(1);
    for (let turn = 0; turn < 300; turn++) {
      const plane = new Plane(40, 30);
      const point = (): Point => [random() * 60 - 10, random() * 50 - 10];
      const [a, b, radius] = [point(), point(), 0.6 + random() * 12];
      lay(plane, a, b, radius);
      expect(plane.data, `${a} to ${b}, radius ${radius}`).toEqual(byDefinition(plane, a, b, radius));
    }
  });

  test("outside the picture is nothing", () => {
    expect(capsuleBounds([-50, 5], [-20, 5], 10, new Plane(40, 30))).toBeNull();
  });
});

describe("a stroke", () => {
  const pieces = (samples: readonly Sample[]) => {
    const laid: { from: Point; to: Point; radius: number }[] = [];
    const stroke = new Stroke((from, to, radius) => laid.push({ from, to, radius }));
    for (const sample of samples) stroke.to(sample);
    return laid;
  };

  test("of one sample is a dot", () => {
    expect(pieces([{ at: [3, 4], radius: 5 }])).toEqual([{ from: [3, 4], to: [3, 4], radius: 5 }]);
  });

  test("hangs together, begins and ends where the hand did, and is nowhere NaN", () => {
    const random = dice(2);
    for (let turn = 0; turn < 200; turn++) {
      const pen = turn % 2 === 0;
      const samples = Array.from({ length: 2 + Math.floor(random() * 20) }, () => ({
        at: [random() * 500, random() * 500] as const,
        radius: pen ? 20 * random() : 12,
      }));
      const laid = pieces(samples);
      expect(laid[0]?.from).toEqual(samples[0]?.at);
      expect(laid.at(-1)?.to).toEqual(samples.at(-1)?.at);
      for (let at = 1; at < laid.length; at++) expect(laid[at]?.from).toEqual(laid[at - 1]?.to);
      for (const { from, to, radius } of laid) expect([...from, ...to, radius].every(Number.isFinite)).toBe(true);
    }
  });

  test("keeps a right angle a right angle", () => {
    const laid = pieces([
      { at: [0, 0], radius: 4 },
      { at: [100, 0], radius: 4 },
      { at: [100, 100], radius: 4 },
    ]);
    expect(laid.map(({ to }) => to)).toEqual([
      [0, 0],
      [100, 0],
      [100, 100],
    ]);
  });

  test("held straight runs straight, whatever way the hand came", () => {
    const laid: Point[] = [];
    const stroke = new Stroke((_, to) => laid.push(to));
    for (const at of [
      [0, 0],
      [30, 5],
      [60, 20],
    ] as const)
      stroke.to({ at, radius: 4 });
    const before = laid.length;
    stroke.straight({ at: [160, 20], radius: 8 });
    expect(laid.slice(before).every(([, y]) => y === 20)).toBe(true);
    expect(laid.at(-1)).toEqual([160, 20]);
  });

  test("rounds a circle of twelve samples to within a hundredth of its radius outside, and never cuts deeper than its chords", () => {
    const circle = Array.from({ length: 25 }, (_, step) => {
      const turn = (step / 12) * Math.PI;
      return { at: [500 + 300 * Math.cos(turn / 1), 500 + 300 * Math.sin(turn / 1)] as const, radius: 8 };
    });
    const chord = 300 * Math.cos(Math.PI / 24);
    for (const { to } of pieces(circle).slice(2)) {
      const away = Math.hypot(to[0] - 500, to[1] - 500);
      expect(away).toBeLessThan(303);
      expect(away).toBeGreaterThan(chord - 0.001);
    }
  });
});
