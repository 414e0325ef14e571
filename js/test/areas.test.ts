import { describe, expect, test } from "vitest";
import { grow, invert, shrink, smoothen, stepOf, swap } from "../src/paint/areas";
import { enclose } from "../src/paint/enclose";
import type { Point } from "../src/paint/geometry";
import { Painting } from "../src/paint/painting";
import type { AreaNumber, Label } from "../src/paint/plane";
import { scanPolygon } from "../src/paint/polygon";
import { dice } from "./random";

const [WIDTH, HEIGHT] = [90, 70];

function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((label, at) => label === other[at]);
}

/** A drawing with strokes of every label, some of them cut off by the frame. */
function scribbled(random: () => number): Painting {
  const painting = new Painting(WIDTH, HEIGHT);
  const point = (): Point => [random() * 110 - 10, random() * 90 - 10];
  for (let stroke = 0; stroke < 9; stroke++) {
    painting.lay(point(), point(), 1 + random() * 9, Math.floor(random() * 8) as Label);
  }
  painting.lay(point(), point(), 8, 1);
  painting.setPath(1, [point(), point()]);
  painting.setPath(4, [point(), point(), point()]);
  painting.commit();
  return painting;
}

/** By looking at every pixel of the area: which are within `radius` of pixel (`x`, `y`)? */
function near(labels: Uint8Array, label: Label, x: number, y: number, radius: number): boolean {
  for (let row = Math.max(0, y - radius); row <= Math.min(HEIGHT - 1, y + radius); row++) {
    for (let column = Math.max(0, x - radius); column <= Math.min(WIDTH - 1, x + radius); column++) {
      if (labels[row * WIDTH + column] === label && Math.hypot(column - x, row - y) <= radius) return true;
    }
  }
  return false;
}

const works: readonly [name: string, work: (painting: Painting) => void][] = [
  ["grow", (painting) => grow(painting, 1)],
  ["shrink", (painting) => shrink(painting, 1)],
  ["smooth", (painting) => smoothen(painting, 1)],
  ["invert", (painting) => invert(painting, 1)],
  ["swap", (painting) => swap(painting, 1, 4)],
  ["swap with the static area", (painting) => swap(painting, 1, 7)],
];

describe("an area as a whole", () => {
  test("grows to every pixel within a step of it, over whatever was there", () => {
    const random = dice(31);
    for (let turn = 0; turn < 12; turn++) {
      const painting = scribbled(random);
      const before = painting.plane.data.slice();
      const step = stepOf(painting.plane);
      grow(painting, 1);
      const wanted = before.map((label, at) => (near(before, 1, at % WIDTH, Math.floor(at / WIDTH), step) ? 1 : label));
      expect(same(painting.plane.data, wanted)).toBe(true);
    }
  });

  test("shrinks to the pixels with nothing else within a step, and not away from the frame", () => {
    const random = dice(32);
    for (let turn = 0; turn < 12; turn++) {
      const painting = scribbled(random);
      const before = painting.plane.data.slice();
      const others = before.map((label) => (label === 1 ? 0 : 1));
      const step = stepOf(painting.plane);
      shrink(painting, 1);
      const wanted = before.map((label, at) =>
        label === 1 && near(others, 1, at % WIDTH, Math.floor(at / WIDTH), step) ? 0 : label,
      );
      expect(same(painting.plane.data, wanted)).toBe(true);
    }
  });

  test("grown five times on a 2K photo is about as much wider, and shrunk five times about what it was", () => {
    const painting = new Painting(2000, 1200);
    painting.lay([900, 600], [900, 600], 200, 2);
    for (let turn = 0; turn < 5; turn++) grow(painting, 2);
    painting.commit();
    expect(Math.sqrt(painting.tally.count(2) / Math.PI)).toBeCloseTo(200 + 5 * 8, -1);
    for (let turn = 0; turn < 5; turn++) shrink(painting, 2);
    painting.commit();
    expect(painting.tally.count(2) / (Math.PI * 200 * 200)).toBeCloseTo(1, 1);
  });

  test("smoothed loses crumbs and pinholes and keeps its place and its size", () => {
    const painting = new Painting(400, 300);
    painting.lay([200, 150], [200, 150], 80, 3);
    painting.lay([190, 150], [190, 150], 1.5, 0);
    painting.lay([330, 150], [330, 150], 1.5, 3);
    painting.commit();
    const before = painting.tally.count(3);
    smoothen(painting, 3);
    painting.commit();
    const at = (x: number, y: number) => painting.plane.data[y * 400 + x];
    expect([at(190, 150), at(330, 150), at(200, 150)]).toEqual([3, 0, 3]);
    expect(painting.tally.count(3) / before).toBeCloseTo(1, 2);
    expect(painting.middle(3)?.map(Math.round)).toEqual([200, 150]);
  });

  test("smoothed does not come off the frame", () => {
    const painting = new Painting(400, 300);
    painting.paste({ x: 0, y: 200, width: 400, height: 100 }, new Uint8Array(40_000).fill(5));
    painting.commit();
    const before = painting.plane.data.slice();
    smoothen(painting, 5);
    expect(same(painting.plane.data, before)).toBe(true);
  });

  test("inverted or swapped twice is as before, paths and all", () => {
    const random = dice(33);
    for (let turn = 0; turn < 20; turn++) {
      const painting = scribbled(random);
      const [labels, paths] = [painting.plane.data.slice(), painting.pathsOnWire()];
      const others: readonly Label[] = [2, 4, 7];
      invert(painting, 1);
      invert(painting, 1);
      for (const other of others) {
        swap(painting, 1, other);
        swap(painting, 1, other);
      }
      expect(same(painting.plane.data, labels)).toBe(true);
      expect(painting.pathsOnWire()).toEqual(paths);
    }
  });

  test("swapped has the other's pixels and the other's path; with the static area only its pixels", () => {
    const painting = scribbled(dice(34));
    const { tally } = painting;
    const counts = ([1, 4, 7] as const).map((label) => tally.count(label));
    const paths = painting.pathsOnWire();
    swap(painting, 1, 4);
    painting.commit();
    swap(painting, 4, 7);
    painting.commit();
    expect(([4, 1, 7] as const).map((label) => tally.count(label))).toEqual([counts[2], counts[1], counts[0]]);
    expect(painting.pathsOnWire()).toEqual({ ...paths, 1: paths[4], 4: paths[1] });
  });

  test.each(works)("%s: one step, undone and done again", (_, work) => {
    const random = dice(35);
    for (let turn = 0; turn < 10; turn++) {
      const painting = scribbled(random);
      const before = painting.plane.data.slice();
      const paths = painting.pathsOnWire();
      work(painting);
      const after = painting.plane.data.slice();
      if (painting.commit() === null) continue;
      painting.undo();
      expect(same(painting.plane.data, before)).toBe(true);
      expect(painting.pathsOnWire()).toEqual(paths);
      painting.redo();
      expect(same(painting.plane.data, after)).toBe(true);
    }
  });

  test.each(works)("%s: an empty drawing stays empty or is filled, and nothing breaks", (name, work) => {
    const painting = new Painting(WIDTH, HEIGHT);
    work(painting);
    painting.commit();
    expect(painting.share(1)).toBe(name === "invert" ? 1 : 0);
  });
});

describe("with the other areas protected", () => {
  test("no stroke, lasso, bucket or growing changes a pixel of theirs", () => {
    const random = dice(36);
    for (let turn = 0; turn < 60; turn++) {
      const painting = scribbled(random);
      const point = (): Point => [random() * 110 - 10, random() * 90 - 10];
      const own = (1 + Math.floor(random() * 6)) as AreaNumber;
      const label: Label = random() < 0.3 ? 0 : own;
      const before = painting.plane.data.slice();
      painting.protect = own;
      painting.lay(point(), point(), 12, label);
      enclose(painting, [point(), point(), point(), point()], label);
      painting.fill(point(), label);
      grow(painting, own);
      smoothen(painting, own);
      const kept = before.every((was, at) => was === 0 || was === own || was === painting.plane.data[at]);
      expect(kept).toBe(true);
    }
  });

  test("a stroke is as without, but for their pixels", () => {
    const [free, guarded] = [scribbled(dice(37)), scribbled(dice(37))];
    const before = free.plane.data.slice();
    guarded.protect = 2;
    for (const painting of [free, guarded]) painting.lay([5, 5], [80, 60], 14, 2);
    const wanted = before.map((was, at) => (was === 0 || was === 2 ? (free.plane.data[at] as number) : was));
    expect(same(guarded.plane.data, wanted)).toBe(true);
  });
});

describe("an outline", () => {
  /** The winding number of a pixel's centre, by summing what every edge to the left of it says. */
  function winding(outline: readonly Point[], x: number, y: number): number {
    return outline.reduce((sum, [ax, ay], at) => {
      const [bx, by] = outline[(at + 1) % outline.length] as Point;
      if (ay <= y === by <= y) return sum;
      const [tx, ty, lx, ly] = ay < by ? [ax, ay, bx, by] : [bx, by, ax, ay];
      return tx + ((y - ty) / (ly - ty)) * (lx - tx) <= x ? sum + (ay < by ? 1 : -1) : sum;
    }, 0);
  }

  test("encloses exactly the pixels whose centre it goes round, however it is tangled and wherever it lies", () => {
    const random = dice(38);
    for (let turn = 0; turn < 60; turn++) {
      const painting = new Painting(WIDTH, HEIGHT);
      const whole = turn % 3 === 0;
      // Whole and half numbers meet pixel centres and each other.
      const along = (length: number) => {
        const at = random() * (length + 60) - 30;
        return whole ? Math.round(at * 2) / 2 : at;
      };
      const outline = Array.from({ length: 3 + Math.floor(random() * 12) }, (): Point => [along(WIDTH), along(HEIGHT)]);
      enclose(painting, outline, 6);
      const wanted = painting.plane.data.map((_, at) =>
        winding(outline, (at % WIDTH) + 0.5, Math.floor(at / WIDTH) + 0.5) === 0 ? 0 : 6,
      );
      expect(same(painting.plane.data, wanted), outline.join(" ")).toBe(true);
    }
  });

  test("of a square of four pixels is these four, whichever way it is drawn", () => {
    const square: Point[] = [
      [1, 1],
      [3, 1],
      [3, 3],
      [1, 3],
    ];
    for (const outline of [square, square.toReversed()]) {
      const painting = new Painting(4, 4);
      enclose(painting, outline, 1);
      expect([...painting.plane.data]).toEqual([0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
    }
  });

  test("that crosses itself leaves no hole where the hand went round twice", () => {
    const painting = new Painting(WIDTH, HEIGHT);
    const twice = Array.from({ length: 80 }, (_, step): Point => {
      const turn = (step / 40) * 2 * Math.PI;
      const radius = 20 + step / 10;
      return [45 + radius * Math.cos(turn), 35 + radius * Math.sin(turn)];
    });
    enclose(painting, twice, 1);
    expect(painting.plane.data[35 * WIDTH + 45]).toBe(1);
  });

  test("beyond the picture, of nothing or of two points encloses nothing", () => {
    const painting = new Painting(WIDTH, HEIGHT);
    const outlines: Point[][] = [
      [],
      [[5, 5]],
      [
        [5, 5],
        [50, 50],
      ],
      [
        [-30, -30],
        [-5, -30],
        [-5, -5],
      ],
    ];
    for (const outline of outlines) enclose(painting, outline, 1);
    expect(painting.commit()).toBeNull();
  });

  test("says its spans in order and inside the bounds", () => {
    const spans: number[][] = [];
    const outline: Point[] = [
      [-50, -50],
      [50, 2],
      [-50, 50],
    ];
    scanPolygon(outline, { x: 2, y: 1, width: 4, height: 2 }, (...span) => spans.push(span));
    expect(spans).toEqual([
      [1, 2, 5],
      [2, 2, 5],
    ]);
  });
});
