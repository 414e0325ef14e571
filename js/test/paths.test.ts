import { describe, expect, test } from "vitest";
import table from "../../tests/motion/paths/resample.json";
import { beats, chevrons } from "../src/paint/arrow";
import { distance, type Point } from "../src/paint/geometry";
import { fromSegment, lengths, nearest, pathLength } from "../src/paint/path";
import { Plane } from "../src/paint/plane";
import { asSent, fewest, MOST, paceOf, spread, steps } from "../src/paint/resample";
import { curve, handlesFor, PIECES } from "../src/paint/spline";
import { inTime, type Moment } from "../src/paint/tempo";
import { backwards, mirror, shift, straight } from "../src/paint/turns";
import { nearestPixel } from "../src/paint/within";
import { dice } from "./random";

interface Case {
  name: string;
  points: Point[];
  most: number;
  mode: "length" | "time";
  expected: Point[];
}

const CASES = table.cases as unknown as Case[];
const random = dice(55);

/** A hand's line: a smooth wander with a corner now and then. */
function wander(many = 150): Point[] {
  let [x, y, turn] = [400 + 400 * random(), 300 + 300 * random(), 6 * random()];
  return Array.from({ length: many }, () => {
    turn += random() < 0.03 ? 2 * random() : (random() - 0.5) / 4;
    x += 5 * Math.cos(turn);
    y += 5 * Math.sin(turn);
    return [x, y] as const;
  });
}

function fromPath(point: Point, path: readonly Point[]): number {
  return Math.min(...path.slice(1).map((end, at) => fromSegment(point, path[at] as Point, end)));
}

const rounded = ([x, y]: Point) => [Math.round(x), Math.round(y)];
const twins = (path: readonly Point[]) =>
  path.filter((point, at) => at > 0 && String(point) === String(path[at - 1])).length;

describe("resampling", () => {
  test.each(CASES)("as in tests/motion/paths/resample.json: $name", ({ points, most, mode, expected }) => {
    const path = asSent(points, most, mode === "time" ? steps : lengths);
    expect(path.length).toBe(expected.length);
    path.forEach(([x, y], at) => {
      expect(x).toBeCloseTo(expected[at]?.[0] as number, 6);
      expect(y).toBeCloseTo(expected[at]?.[1] as number, 6);
    });
  });

  test("keeps both ends and the length, in 2 to 77 whole points of which no neighbours are the same", () => {
    for (let turn = 0; turn < 50; turn++) {
      const line = wander(20 + Math.floor(300 * random()));
      const path = fewest(line, lengths(line), 0.75, false);
      expect(path.length).toBeGreaterThanOrEqual(2);
      expect(path.length).toBeLessThanOrEqual(MOST);
      expect([path[0], path.at(-1)]).toEqual([rounded(line[0] as Point), rounded(line.at(-1) as Point)]);
      expect(path.flat().every(Number.isInteger)).toBe(true);
      expect(twins(path)).toBe(0);
      expect(pathLength(path) / pathLength(line)).toBeGreaterThan(0.96);
      expect(pathLength(path) / pathLength(line)).toBeLessThan(1.04);
    }
  });

  test("of a curve stays within the tolerance, and half a pixel of rounding, wherever 77 points can", () => {
    for (let turn = 0; turn < 20; turn++) {
      const [wide, high] = [120 + 100 * random(), 120 + 100 * random()];
      const line = Array.from({ length: 300 }, (_, at): Point => {
        const share = (at / 299) * 5;
        return [400 + wide * Math.cos(share), 400 + high * Math.sin(share)];
      });
      const path = fewest(line, lengths(line), 0.75, false);
      expect(path.length).toBeLessThan(60);
      for (const point of line) expect(fromPath(point, path)).toBeLessThan(0.75 + Math.SQRT1_2);
    }
  });

  test("of a straight line at an even speed needs its two ends, and at another speed more", () => {
    const line = Array.from({ length: 101 }, (_, at): Point => [at, 2 * at]);
    expect(fewest(line, lengths(line), 0.75, false)).toEqual([
      [0, 0],
      [100, 200],
    ]);
    const slowly = line.map((_, at) => Math.sqrt(at));
    const path = fewest(line, slowly, 0.75, true);
    expect(path.length).toBeGreaterThan(4);
    expect(Math.abs((spread(path, steps(path), 3)[1] as Point)[0] - 25)).toBeLessThan(2);
  });

  test("of an out and back keeps the turning point, and neighbours stay apart", () => {
    const line: Point[] = [
      [10, 10],
      [110, 10],
      [10, 10],
    ];
    expect(fewest(line, lengths(line), 0.75, false)).toEqual(line);
  });

  test("of a scribble in a few pixels has no neighbours that are the same, which would be a rest", () => {
    for (let turn = 0; turn < 50; turn++) {
      const line = Array.from({ length: 40 }, (): Point => [50 + 6 * random(), 50 + 6 * random()]);
      expect(twins(fewest(line, lengths(line), 0.5, false))).toBe(0);
    }
  });

  test("keeps the pace of one line on another", () => {
    const track: Point[] = [
      [0, 0],
      [10, 0],
      [40, 0],
    ];
    const line: Point[] = [
      [0, 0],
      [0, 20],
      [0, 40],
      [0, 80],
    ];
    expect(paceOf(track, line)).toEqual([0, 1, 1 + 1 / 3, 2]);
    expect(paceOf(track, track)).toEqual([0, 1, 2]);
  });
});

describe("a hand's tempo", () => {
  const drawn = (speeds: readonly number[]): Moment[] => {
    let x = 0;
    return speeds.map((speed, at) => {
      x += at ? speed : 0;
      return { at: [x, 50], time: 1000 + 8 * at };
    });
  };

  test("is kept: slow stays slow and fast stays fast, on the line that was drawn", () => {
    const moments = drawn(Array.from({ length: 200 }, (_, at) => (at < 100 ? 1 : 4)));
    const track = inTime(moments, 2);
    const [before] = spread(track, steps(track), 5).slice(2) as [Point];
    expect(before[0]).toBeGreaterThan(90);
    expect(before[0]).toBeLessThan(110);
    expect([track[0], track.at(-1)].map((end) => rounded(end as Point))).toEqual([moments[0]?.at, moments.at(-1)?.at]);
    expect(track.every(([x, y], at) => y === 50 && x >= (track[at - 1]?.[0] ?? 0))).toBe(true);
  });

  test("leaves out the rest before the start and after the end, but not one on the way", () => {
    const still = Array(60).fill(0);
    const going = Array(100).fill(2);
    const track = inTime(drawn([...still, ...going, ...still, ...going, ...still]), 2);
    const at = (share: number) => (spread(track, steps(track), 101)[share] as Point)[0];
    expect(at(4)).toBeGreaterThan(8);
    expect(at(96)).toBeLessThan(392);
    expect(at(42)).toBeGreaterThan(190);
    expect(at(58)).toBeLessThan(210);
  });

  test("of a bunch of events at one time is smooth", () => {
    const moments = drawn(Array(160).fill(2)).map(({ at }, nth) => ({ at, time: 64 * Math.floor(nth / 8) }));
    const track = inTime(moments, 2);
    const gone = spread(track, steps(track), 77).map(([x]) => x);
    const jumps = gone.slice(6, -6).map((x, at) => x - (gone[at + 5] as number));
    expect(Math.max(...jumps) / Math.min(...jumps)).toBeLessThan(1.5);
  });

  test("without any time between is even", () => {
    const moments = drawn([0, 1, 9, 30]).map(({ at }) => ({ at, time: 7 }));
    const track = inTime(moments, 2);
    expect((spread(track, steps(track), 3)[1] as Point)[0]).toBeCloseTo(20, 6);
  });
});

describe("the curve", () => {
  test("passes through all its points and is nowhere NaN, even where points lie on each other", () => {
    for (let turn = 0; turn < 100; turn++) {
      const handles = Array.from(
        { length: 2 + Math.floor(10 * random()) },
        (): Point => [900 * random(), 600 * random()],
      );
      if (turn % 3 === 0) handles.splice(1, 0, handles[0] as Point);
      if (turn % 4 === 0) handles.push(handles[0] as Point);
      const line = curve(handles);
      expect(Math.max(...handles.map((handle, at) => distance(handle, line[at * PIECES] as Point)))).toBeLessThan(1e-6);
      expect(line.flat().every(Number.isFinite)).toBe(true);
    }
  });

  test("through two points is straight, and a loop has no corner where it closes", () => {
    const line = curve([
      [0, 0],
      [160, 80],
    ]);
    for (const [x, y] of line) expect(y).toBeCloseTo(x / 2, 9);
    const loop = curve([
      [0, 0],
      [100, -40],
      [120, 80],
      [0, 0],
    ]);
    // The tangents at (0, 0), from two points on each side of it.
    const leaves = [0, 1].map((axis) => 4 * (loop[1]?.[axis] ?? 0) - (loop[2]?.[axis] ?? 0)) as [number, number];
    const comes = [0, 1].map((axis) => (loop.at(-3)?.[axis] ?? 0) - 4 * (loop.at(-2)?.[axis] ?? 0)) as [number, number];
    expect(Math.atan2(leaves[1], leaves[0])).toBeCloseTo(Math.atan2(comes[1], comes[0]), 1);
  });

  test("through the few handles fitted to a drawn path is much like it", () => {
    for (let turn = 0; turn < 20; turn++) {
      const path = wander(80);
      const handles = handlesFor(path);
      expect(handles.length).toBeLessThanOrEqual(12);
      expect([handles[0], handles.at(-1)]).toEqual([rounded(path[0] as Point), rounded(path.at(-1) as Point)]);
      const line = curve(handles);
      for (const point of path) expect(fromPath(point, line)).toBeLessThan(pathLength(path) * 0.04);
    }
  });
});

describe("a path as a whole", () => {
  test("reversed twice or mirrored twice is what it was, and a move back undoes a move", () => {
    for (let turn = 0; turn < 50; turn++) {
      const path = wander(30).map(rounded) as unknown as Point[];
      const start = path[0] as Point;
      expect(backwards(backwards(path))).toEqual(path);
      for (const upright of [true, false]) {
        expect(mirror(start, upright)(mirror(start, upright)(path))).toEqual(path);
        expect(mirror(start, upright)(path)[0]).toEqual(start);
      }
      expect(shift(-31, 7)(shift(31, -7)(path))).toEqual(path);
    }
  });

  test("pulled straight lies level, upright or at 45 degrees", () => {
    expect(straight([10, 10], [60, 14]).map(Math.round)).toEqual([60, 10]);
    expect(straight([10, 10], [12, -40]).map(Math.round)).toEqual([10, -40]);
    expect(straight([0, 0], [-30, 34]).map(Math.round)).toEqual([-32, 32]);
  });

  test("says the place nearest to the pointer, counted in points", () => {
    const path: Point[] = [
      [0, 0],
      [10, 0],
      [10, 30],
    ];
    expect(nearest(path, [13, 15])).toEqual({ at: [10, 15], step: 1.5, away: 3 });
  });
});

describe("the nearest pixel of an area", () => {
  test("is the one that looking at every pixel finds, and none beyond the reach", () => {
    for (let turn = 0; turn < 100; turn++) {
      const plane = new Plane(40, 30);
      for (let dot = 0; dot < 1 + 30 * random(); dot++) plane.data[Math.floor(random() * 1200)] = 2;
      const [x, y] = [60 * random() - 10, 50 * random() - 10];
      const reach = turn % 2 ? Number.POSITIVE_INFINITY : 12 * random();
      const all = [...plane.data].map((label, at) =>
        label === 2 ? Math.hypot((at % 40) - x, Math.floor(at / 40) - y) : 99,
      );
      const found = nearestPixel(plane, 2, [x, y], reach);
      if (Math.min(...all) > reach) expect(found).toBeNull();
      else expect(distance(found as Point, [x, y])).toBeCloseTo(Math.min(...all), 9);
    }
  });
});

describe("an arrow", () => {
  test("has a chevron each 56 pixels that points the way it goes, none under its head", () => {
    const path: Point[] = [
      [0, 0],
      [175, 0],
    ];
    const tips = chevrons(path);
    expect(tips.map(([, tip]) => rounded(tip))).toEqual([
      [56, 0],
      [112, 0],
    ]);
    expect(tips[0]?.map(([x, y]) => [Math.round(x * 10) / 10, y])).toEqual([
      [51.5, 4.5],
      [56, 0],
      [51.5, -4.5],
    ]);
  });

  test("has a dot each tenth of the film: closer together where it is slow", () => {
    const points = Array.from({ length: 21 }, (_, at): Point => [at * at, 0]);
    expect(beats(points).map(([x]) => x)).toEqual([4, 16, 36, 64, 100, 144, 196, 256, 324]);
    expect(distance([0, 0], [3, 4])).toBe(5);
  });
});
