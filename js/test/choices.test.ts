import { expect, test } from "vitest";
import { durations, inWords, modes, withMode, withModel } from "../src/studio/choices";
import { priceLine, spendWords } from "../src/studio/price";
import type { Row } from "../src/studio/state";

const rows: Row[] = [
  { model: "old", mode: "std", seconds: [5], brush: true, retired: "2026-09-15" },
  { model: "old", mode: "std", seconds: [10], brush: false, retired: "2026-09-15" },
  { model: "old", mode: "pro", seconds: [5, 10], brush: false, retired: "2026-09-15" },
  { model: "master", mode: "", seconds: [5, 10], brush: false, retired: null },
  { model: "new", mode: "pro", seconds: [3, 4, 5], brush: false, retired: null },
];

test("a mode that the model lacks is there, but off", () => {
  expect(modes(rows, "new")).toEqual([
    { value: "std", off: true },
    { value: "pro", off: false },
  ]);
});

test("a model without modes has none to choose from", () => {
  expect(modes(rows, "master")).toEqual([{ value: "", off: false }]);
});

test("the lengths of all rows of a model and mode are on", () => {
  const on = durations(rows, { model: "old", mode: "std", duration: 5 }).filter(({ off }) => !off);
  expect(on.map(({ value }) => value)).toEqual([5, 10]);
});

test("changing the model keeps what it can", () => {
  expect(withModel(rows, { model: "old", mode: "pro", duration: 5 }, "new")).toEqual({
    model: "new",
    mode: "pro",
    duration: 5,
  });
});

test("changing the model moves to the nearest mode and length it has", () => {
  expect(withModel(rows, { model: "old", mode: "std", duration: 10 }, "new")).toEqual({
    model: "new",
    mode: "pro",
    duration: 5,
  });
  expect(withModel(rows, { model: "old", mode: "std", duration: 10 }, "master").mode).toBe("");
});

test("changing the mode keeps a length that is offered", () => {
  expect(withMode(rows, { model: "old", mode: "std", duration: 10 }, "pro").duration).toBe(10);
});

test("a choice in words", () => {
  expect(inWords({ model: "old", mode: "pro", duration: 5 })).toBe("old, pro, 5 s");
  expect(inWords({ model: "master", mode: "", duration: 5 })).toBe("master, 5 s");
});

const quote = { units: 3.5, usd: 0.49, problems: [], remedy: null, warnings: [] };
const account = { offline: false, origin: "api", note: "", rows };

test("the price stands in units and dollars, and nothing is asked for offline", () => {
  expect(priceLine(account, quote, null)).toBe("3.5 units, about $0.49");
  expect(priceLine(account, quote, 96.5)).toBe("3.5 units, about $0.49, balance 96.5");
  expect(priceLine(account, null, 96.5)).toBe("balance 96.5");
  expect(priceLine({ ...account, offline: true }, quote, 96.5)).toBe("Offline rehearsal, free");
});

test("the second click names the price, as far as it is known", () => {
  expect(spendWords(quote)).toBe("Spend 3.5 units");
  expect(spendWords({ ...quote, units: 1 })).toBe("Spend 1 unit");
  expect(spendWords({ ...quote, units: null })).toBe("Spend units");
});
