import { describe, expect, test } from "vitest";
import { packLabels, unpackLabels } from "../src/paint/deflate";
import { Painting } from "../src/paint/painting";
import { AREAS, type AreaNumber, type Label } from "../src/paint/plane";
import { decodeRuns, encodeRuns } from "../src/paint/runs";
import { dice } from "./random";

const [WIDTH, HEIGHT] = [300, 200];

/** One random edit, as a hand could make it. */
function edit(painting: Painting, random: () => number): void {
  const point = () => [random() * (WIDTH + 40) - 20, random() * (HEIGHT + 40) - 20] as const;
  const label = Math.floor(random() * 8) as Label;
  const area = (1 + Math.floor(random() * 6)) as AreaNumber;
  const which = random();
  if (which < 0.5) painting.lay(point(), point(), 1 + random() * 40, label);
  else if (which < 0.65) painting.fill(point(), label);
  else if (which < 0.8) painting.setPath(area, random() < 0.3 ? null : [point(), point(), point()]);
  else if (which < 0.9) painting.clear([label]);
  else painting.paste({ x: 20, y: 30, width: 50, height: 40 }, new Uint8Array(2000).fill(label));
}

function seen(painting: Painting) {
  return { labels: painting.plane.data.slice(), paths: painting.pathsOnWire() };
}

/** As toEqual, for arrays so long that it would take seconds. */
function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((label, at) => label === other[at]);
}

/** Counts as they are, by looking at every pixel. */
function counted(painting: Painting): number[] {
  return ([...AREAS, 7] as const).map((label) => painting.plane.data.filter((one) => one === label).length);
}

describe("undo and redo", () => {
  test("bring back every state, exactly, there and back again", () => {
    const random = dice(3);
    const painting = new Painting(WIDTH, HEIGHT);
    const states = [seen(painting)];
    while (states.length < 60) {
      for (let more = 0; more < 3; more++) edit(painting, random);
      if (painting.commit()) states.push(seen(painting));
    }
    for (const state of states.slice(0, -1).reverse()) {
      painting.undo();
      expect(painting.pathsOnWire()).toEqual(state.paths);
      expect(same(painting.plane.data, state.labels)).toBe(true);
    }
    expect(painting.undo()).toBeNull();
    for (const state of states.slice(1)) {
      painting.redo();
      expect(painting.pathsOnWire()).toEqual(state.paths);
      expect(same(painting.plane.data, state.labels)).toBe(true);
    }
    expect(painting.redo()).toBeNull();
  });

  test("a new step forgets what was undone", () => {
    const painting = new Painting(WIDTH, HEIGHT);
    painting.lay([50, 50], [50, 50], 10, 1);
    painting.commit();
    painting.undo();
    painting.lay([90, 50], [90, 50], 10, 2);
    painting.commit();
    expect(painting.history.canRedo).toBe(false);
  });

  test("a step that changed nothing is none", () => {
    const painting = new Painting(WIDTH, HEIGHT);
    painting.lay([50, 50], [80, 50], 10, 0);
    expect(painting.commit()).toBeNull();
    expect(painting.history.canUndo).toBe(false);
  });

  test("a cancelled stroke leaves no trace", () => {
    const painting = new Painting(WIDTH, HEIGHT);
    painting.lay([50, 50], [80, 50], 10, 1);
    painting.commit();
    const before = seen(painting);
    painting.lay([0, 0], [300, 200], 25, 4);
    painting.setPath(4, [
      [0, 0],
      [9, 9],
    ]);
    painting.cancel();
    expect(seen(painting)).toEqual(before);
    expect(painting.commit()).toBeNull();
  });

  test("200 strokes across a 4K photo are remembered in under 10 MB", () => {
    const random = dice(4);
    const painting = new Painting(3840, 2160);
    for (let stroke = 0; stroke < 200; stroke++) {
      const label = (1 + (stroke % 6)) as Label;
      const from = [random() * 3840, random() * 2160] as const;
      const to = [from[0] + random() * 1600 - 800, from[1] + random() * 1600 - 800] as const;
      painting.lay(from, to, 30 + random() * 120, label);
      painting.commit();
    }
    expect(painting.history.bytes).toBeLessThan(10e6);
  });
});

describe("what a step says it changed", () => {
  test("is the smallest rectangle around the pixels that did", () => {
    const painting = new Painting(WIDTH, HEIGHT);
    painting.lay([100, 100], [150, 100], 10, 3);
    expect(painting.commit()).toEqual({ rect: { x: 90, y: 90, width: 70, height: 20 }, paths: [] });
    painting.lay([100, 100], [160, 100], 10, 3);
    // In the outermost row the old tip ended at 150 + 3.1.
    expect(painting.commit()?.rect).toEqual({ x: 153, y: 90, width: 17, height: 20 });
  });

  test("carried to a second plane makes it the same: nothing is missed", () => {
    const random = dice(5);
    const here = new Painting(WIDTH, HEIGHT);
    const there = new Painting(WIDTH, HEIGHT);
    for (let turn = 0; turn < 200; turn++) {
      const which = random();
      if (which >= 0.4) edit(here, random);
      const change = which < 0.2 ? here.undo() : which < 0.4 ? here.redo() : here.commit();
      if (change?.rect) there.paste(change.rect, here.plane.crop(change.rect));
      expect(same(there.plane.data, here.plane.data)).toBe(true);
    }
  });
});

describe("counts and middles", () => {
  test("stay true through strokes, undo and redo", () => {
    const random = dice(6);
    const painting = new Painting(WIDTH, HEIGHT);
    for (let turn = 0; turn < 300; turn++) {
      const which = random();
      if (which < 0.2) painting.undo();
      else if (which < 0.4) painting.redo();
      else {
        edit(painting, random);
        painting.commit();
      }
      expect(([...AREAS, 7] as const).map((label) => painting.tally.count(label))).toEqual(counted(painting));
      for (const area of AREAS) {
        const middle = painting.middle(area);
        if (painting.tally.count(area) === 0) expect(middle).toBeNull();
        else expect(middle?.every(Number.isFinite)).toBe(true);
      }
    }
  });

  test("a ring's middle is on the ring", () => {
    const painting = new Painting(WIDTH, HEIGHT);
    painting.lay([100, 100], [100, 100], 40, 2);
    painting.lay([100, 100], [100, 100], 20, 0);
    painting.commit();
    const [x, y] = painting.middle(2) ?? [0, 0];
    expect(painting.plane.data[Math.floor(y) * WIDTH + Math.floor(x)]).toBe(2);
  });
});

describe("the paint bucket", () => {
  test("fills what an outline encloses and nothing else", () => {
    const painting = new Painting(10, 6);
    for (const [a, b] of [
      [
        [1.5, 1.5],
        [6.5, 1.5],
      ],
      [
        [6.5, 1.5],
        [6.5, 4.5],
      ],
      [
        [6.5, 4.5],
        [1.5, 4.5],
      ],
      [
        [1.5, 4.5],
        [1.5, 1.5],
      ],
    ] as const) {
      painting.lay(a, b, 0.5, 2);
    }
    painting.fill([3.2, 3.2], 2);
    const rows = Array.from({ length: 6 }, (_, row) =>
      [...painting.plane.data.subarray(row * 10, row * 10 + 10)].join(""),
    );
    expect(rows).toEqual(["0000000000", "0222222000", "0222222000", "0222222000", "0222222000", "0000000000"]);
  });

  test("outside the picture does nothing", () => {
    const painting = new Painting(10, 6);
    expect([painting.fill([-1, 3], 1), painting.fill([10, 3], 1), painting.commit()]).toEqual([null, null, null]);
  });

  test("goes through every pixel of a maze once and comes to an end", () => {
    const random = dice(7);
    const painting = new Painting(WIDTH, HEIGHT);
    for (let at = 0; at < painting.plane.data.length; at++) painting.plane.data[at] = random() < 0.4 ? 5 : 0;
    const walls = painting.plane.data.filter((label) => label === 5).length;
    painting.fill([150, 100], 1);
    expect(painting.plane.data.filter((label) => label === 5).length).toBeGreaterThanOrEqual(walls - 1);
  });
});

describe("on the wire", () => {
  test("run lengths come back as they were", () => {
    const random = dice(8);
    for (let turn = 0; turn < 50; turn++) {
      const labels = new Uint8Array(128 * 128);
      for (let at = 0; at < labels.length; ) {
        const run = 1 + Math.floor(random() ** 4 * 20000);
        labels.fill(Math.floor(random() * 8), at, at + run);
        at += run;
      }
      expect(same(decodeRuns(encodeRuns(labels), new Uint8Array(labels.length)), labels)).toBe(true);
    }
  });

  test("deflated labels come back as they were, and a 4K plane of areas is small", async () => {
    const painting = new Painting(3840, 2160);
    for (const area of AREAS) painting.lay([500 * area, 400], [500 * area + 300, 1500], 180, area);
    const labels = painting.plane.crop(painting.whole);
    const bytes = await packLabels(labels, 3840);
    expect(bytes.length).toBeLessThan(30_000);
    expect(same(await unpackLabels(bytes, 3840), labels)).toBe(true);
  });
});
