import { expect, test } from "vitest";
import { Nib } from "../src/paint/pressure";
import { dice } from "./random";

/** Widths for these pressures, one every so many milliseconds. */
function widths(pressures: readonly number[], apart = 4): number[] {
  const nib = new Nib();
  return pressures.map((pressure, at) => nib.width(pressure, 1000 + at * apart));
}

test("a driver's false first words make no blob: the stroke begins thin and never thicker than where the hand is", () => {
  for (const first of [0, 0.5, 1]) {
    const laid = widths([first, first, first, ...Array<number>(60).fill(0.3)]);
    expect(laid[0]).toBe(0.15);
    expect(Math.max(...laid)).toBeLessThanOrEqual((laid.at(-1) as number) + 0.02);
  }
});

test("a firm hand has the whole width, a light one little, and more pressure is never thinner", () => {
  const settled = [0.05, 0.2, 0.4, 0.6, 0.8, 1].map(
    (pressure) => widths(Array<number>(60).fill(pressure)).at(-1) as number,
  );
  expect(settled).toEqual(settled.toSorted((one, other) => one - other));
  expect(settled[0]).toBeLessThan(0.25);
  expect(settled.at(-1)).toBeCloseTo(1, 3);
});

test("a pen that lifts says 0, and the stroke keeps its width to the end", () => {
  const laid = widths([...Array<number>(60).fill(0.7), 0]);
  expect(laid.at(-1)).toBe(laid.at(-2));
});

test("a tap is as wide as it was firm", () => {
  const nib = new Nib();
  for (const [at, pressure] of [0.5, 0.6, 0].entries()) nib.width(pressure, at * 4);
  expect(nib.dot).toBeCloseTo(0.15 + 0.85 * 0.6 ** 0.75, 6);
});

test("any pressures give widths between the thinnest and the whole", () => {
  const random = dice(41);
  for (let turn = 0; turn < 100; turn++) {
    const laid = widths(
      Array.from({ length: 50 }, () => Math.max(0, random() * 1.2 - 0.2)),
      random() * 20,
    );
    expect(laid.every((width) => width >= 0.15 && width <= 1)).toBe(true);
  }
});
