// What the brush says about a drawing, and what a click does about it.
import { describe, expect, test } from "vitest";
import { type Check, checksOf, factsOf } from "../src/brush/checks";
import { Painting } from "../src/paint/painting";
import { AREAS, type AreaNumber, STATIC } from "../src/paint/plane";
import { brushless } from "../src/studio/brushless";
import { dice } from "./random";

const [WIDTH, HEIGHT] = [200, 100];

/** What is said of a painting, and what mending it asked for. */
function said(work: (painting: Painting) => void) {
  const painting = new Painting(WIDTH, HEIGHT);
  work(painting);
  painting.commit();
  const asked: unknown[] = [];
  const checks = checksOf(factsOf(painting), {
    take: (...what) => asked.push(what),
    setPath: (...what) => asked.push(what),
    clear: (...what) => asked.push(what),
  });
  for (const { fix } of checks) fix?.run();
  return { lines: checks.map(({ level, words, fix }) => [level, words, fix?.label ?? ""]), asked };
}

/** A square of that many pixels a side. */
function square(painting: Painting, area: AreaNumber | typeof STATIC, x: number, y: number, side: number): void {
  painting.paste({ x, y, width: side, height: side }, new Uint8Array(side * side).fill(area));
}

describe("one hears", () => {
  test("what to do first", () => {
    expect(said(() => {})).toEqual({
      lines: [["hint", "Paint what shall move, then draw its path with P.", ""]],
      asked: [],
    });
  });

  test("that a static area alone moves nothing", () => {
    expect(said((painting) => square(painting, STATIC, 0, 0, 50))).toEqual({
      lines: [["warn", "Only the static area is painted, so nothing moves.", "Paint Area 1"]],
      asked: [[1, "brush"]],
    });
  });

  test("nothing of an area with a path that starts in it", () => {
    const work = (painting: Painting) => {
      square(painting, 2, 10, 10, 40);
      painting.setPath(2, [
        [20, 20],
        [150, 90],
      ]);
    };
    expect(said(work)).toEqual({ lines: [], asked: [] });
  });

  test("of paint without a path, and of a path without paint", () => {
    const work = (painting: Painting) => {
      square(painting, 2, 10, 10, 40);
      painting.setPath(5, [
        [20, 20],
        [150, 90],
      ]);
    };
    expect(said(work)).toEqual({
      lines: [
        ["warn", "Area 2 has no path yet.", "Draw it"],
        ["warn", "Area 5 has a path but nothing painted, so it is left out.", "Paint it"],
      ],
      asked: [
        [2, "path"],
        [5, "brush"],
      ],
    });
  });

  test("of a path that goes nowhere, before all else", () => {
    const work = (painting: Painting) => {
      square(painting, 1, 0, 50, 20);
      square(painting, 2, 10, 10, 40);
      painting.setPath(2, [[20, 20]]);
    };
    expect(said(work)).toEqual({
      lines: [
        ["error", "Area 2's path goes nowhere: it needs a second point.", "Draw it again"],
        ["warn", "Area 1 has no path yet.", "Draw it"],
      ],
      asked: [
        [2, "path"],
        [1, "path"],
      ],
    });
  });

  test("how far outside of its area a path starts; the click moves it there, whole", () => {
    const work = (painting: Painting) => {
      square(painting, 2, 10, 10, 40);
      painting.setPath(2, [
        [87, 30],
        [187, 60],
      ]);
    };
    expect(said(work)).toEqual({
      lines: [["warn", "Area 2's path starts 38 px outside the area.", "Start it in the area"]],
      asked: [
        [
          2,
          [
            [49, 30],
            [149, 60],
          ],
          "path moved",
        ],
      ],
    });
  });

  test("that a path leaves the picture; the click trims it", () => {
    const work = (painting: Painting) => {
      square(painting, 2, 10, 10, 40);
      painting.setPath(2, [
        [30, 30],
        [230, 60],
        [100, -5],
      ]);
    };
    expect(said(work)).toEqual({
      lines: [["warn", "Area 2's path leaves the picture.", "Trim it"]],
      asked: [
        [
          2,
          [
            [30, 30],
            [199, 60],
            [100, 0],
          ],
          "path trimmed",
        ],
      ],
    });
  });

  test.each([
    [-1, 50],
    [201, 50],
    [50, -1],
    [50, 101],
  ])("of a path out of the picture at %i, %i", (x, y) => {
    const work = (painting: Painting) => {
      square(painting, 2, 10, 10, 40);
      painting.setPath(2, [
        [30, 30],
        [x, y],
      ]);
    };
    expect(said(work).lines).toEqual([["warn", "Area 2's path leaves the picture.", "Trim it"]]);
  });

  test("of what is too small to last, and of what is nearly everything", () => {
    const small = (painting: Painting) => {
      square(painting, 3, 10, 10, 3);
      painting.setPath(3, [
        [11, 11],
        [90, 90],
      ]);
    };
    expect(said(small)).toEqual({
      lines: [["warn", "Area 3 is so small (under 0.1 % of the picture) that it may vanish.", "Clear it"]],
      asked: [[3]],
    });
    const large = (painting: Painting) => {
      painting.paste({ x: 0, y: 0, width: 190, height: 100 }, new Uint8Array(19000).fill(1));
      painting.setPath(1, [
        [11, 11],
        [90, 90],
      ]);
    };
    expect(said(large)).toEqual({
      lines: [["hint", "Area 1 is 95.0 % of the picture: to move all of it use the camera instead.", ""]],
      asked: [],
    });
  });
});

test("every click mends what its line says, and brings no new line of that kind", () => {
  const random = dice(11);
  for (let round = 0; round < 200; round++) {
    const painting = new Painting(WIDTH, HEIGHT);
    for (const area of AREAS) {
      const side = Math.floor(1 + random() * 40);
      if (random() < 0.7) square(painting, area, Math.floor(random() * 160), Math.floor(random() * 60), side);
      const point = () => [Math.floor(random() * 240 - 20), Math.floor(random() * 140 - 20)] as const;
      if (random() < 0.7) painting.setPath(area, [point(), point(), point()]);
    }
    painting.commit();
    const look = (): Check[] =>
      checksOf(factsOf(painting), {
        take() {},
        setPath: (area, path) => painting.setPath(area, path),
        clear: (area) => painting.clear([area]),
      });
    // Moving a path may take it out of the picture, and trimming its start out of the area; each is mended at most once more.
    for (const label of ["Clear it", "Trim it", "Start it in the area"]) {
      const before = look().filter(({ fix }) => fix?.label === label);
      for (const { fix } of before) fix?.run();
      painting.commit();
      expect(look().filter(({ fix }) => fix?.label === label)).toEqual([]);
    }
  }
});

describe("in the studio", () => {
  const problem = { field: "dynamic_masks", message: "kling-v2-6 does not take the motion brush.", fix: "" };
  const remedy = { model: "kling-v1-5", mode: "pro", duration: 5 };
  const quote = { units: null, usd: null, problems: [problem], remedy, warnings: [] };

  test("one hears of a model without a brush, and a click takes one that has it", () => {
    const chosen: unknown[] = [];
    const checks = brushless(quote, (choice) => chosen.push(choice));
    checks[0]?.fix?.run();
    expect([checks.map(({ level, words, fix }) => [level, words, fix?.label]), chosen]).toEqual([
      [["error", "kling-v2-6 does not take the motion brush.", "Use kling-v1-5, pro, 5 s"]],
      [remedy],
    ]);
  });

  test("one hears nothing where another field is the matter, or no model mends it", () => {
    const none = () => {};
    expect([
      brushless(null, none),
      brushless({ ...quote, remedy: null }, none),
      brushless({ ...quote, problems: [{ ...problem, field: "dynamic_masks[0].trajectories" }] }, none),
    ]).toEqual([[], [], []]);
  });
});
