import { describe, expect, test } from "vitest";
import { aim } from "../src/paint/aim";
import { Look } from "../src/paint/look";
import { Overlay } from "../src/paint/overlay";
import { Painting } from "../src/paint/painting";
import { pathLength, simplify } from "../src/paint/path";
import { fit, panBy, toPicture, toScreen, type Viewport, zoomAt } from "../src/paint/viewport";
import { dice } from "./random";

const photo = { width: 3840, height: 2160 };
const stage = { width: 900, height: 600 };

describe("the view", () => {
  test("fits the whole photo into the middle of the stage", () => {
    expect(fit(photo, stage)).toEqual({ scale: 900 / 3840, x: 0, y: (600 - 2160 * (900 / 3840)) / 2 });
  });

  test("from screen to picture and back is where one was, at any zoom", () => {
    const random = dice(9);
    let view: Viewport = fit(photo, stage);
    for (let turn = 0; turn < 500; turn++) {
      const at = [random() * 900, random() * 600] as const;
      view =
        random() < 0.5
          ? zoomAt(view, 0.5 + random() * 2, at, photo, stage)
          : panBy(view, random() * 400 - 200, random() * 400 - 200, photo, stage);
      const [x, y] = toScreen(view, toPicture(view, at));
      expect(x).toBeCloseTo(at[0], 6);
      expect(y).toBeCloseTo(at[1], 6);
      expect(view.scale).toBeGreaterThanOrEqual(fit(photo, stage).scale);
    }
  });

  test("zooming in keeps what is under the pointer there", () => {
    const view = fit(photo, stage);
    const before = toPicture(view, [300, 250]);
    const after = toPicture(zoomAt(view, 3, [300, 250], photo, stage), [300, 250]);
    expect(after[0]).toBeCloseTo(before[0], 6);
    expect(after[1]).toBeCloseTo(before[1], 6);
  });

  test("the photo never leaves the stage", () => {
    const view = panBy(zoomAt(fit(photo, stage), 4, [450, 300], photo, stage), 99999, -99999, photo, stage);
    expect(view.x).toBe(0);
    expect(view.y).toBeCloseTo(600 - 2160 * view.scale, 6);
  });
});

describe("a path by hand", () => {
  test("on a straight line becomes its two ends", () => {
    const line = Array.from({ length: 50 }, (_, step) => [step * 2, step * 3] as const);
    expect(simplify(line, 0.5)).toEqual([
      [0, 0],
      [98, 147],
    ]);
  });

  test("keeps its ends and its length, with far fewer points", () => {
    const random = dice(10);
    for (let turn = 0; turn < 50; turn++) {
      const size = 100 + random() * 400;
      const curve = Array.from({ length: 400 }, (_, step) => {
        const share = (step / 400) * 2 * Math.PI;
        return [size * Math.cos(share) + size, size * Math.sin(2 * share) + size] as const;
      });
      const few = simplify(curve, 0.75);
      expect([few[0], few.at(-1)]).toEqual([curve[0], curve.at(-1)]);
      expect(few.length).toBeLessThan(120);
      expect(pathLength(few) / pathLength(curve)).toBeGreaterThan(0.99);
    }
  });

  test("that goes out and back the same way keeps its turning point", () => {
    const there = Array.from({ length: 20 }, (_, step) => [step * 5, 10] as const);
    const path = [...there, ...there.slice(0, -1).reverse()];
    expect(simplify(path, 0.5)).toEqual([
      [0, 10],
      [95, 10],
      [0, 10],
    ]);
  });
});

describe("paint on screen", () => {
  const pixel = (overlay: Overlay, x: number, y: number) => [
    ...overlay.pixels.subarray((y * overlay.size.width + x) * 4, (y * overlay.size.width + x) * 4 + 4),
  ];

  test("is 35 % of the area's colour inside, its full colour at the edge, dark just outside, and nothing elsewhere", () => {
    const painting = new Painting(100, 80);
    painting.lay([50, 40], [50, 40], 25, 1);
    const overlay = new Overlay({ width: 100, height: 80 }, new Look(1));
    overlay.turn(aim(painting.plane, { scale: 1, x: 0, y: 0 }, overlay.size, overlay.look));
    overlay.more(painting.plane);
    expect(pixel(overlay, 50, 40)).toEqual([230, 159, 0, Math.round(0.35 * 255)]);
    expect(pixel(overlay, 25, 40)[3]).toBeGreaterThan(230);
    const [red = 0, , , alpha = 0] = pixel(overlay, 24, 40);
    expect(red).toBeLessThan(200);
    expect(alpha).toBeGreaterThan(60);
    expect(pixel(overlay, 10, 40)).toEqual([0, 0, 0, 0]);
  });

  test("drawn again only where it changed is the same as drawn as a whole", () => {
    const random = dice(11);
    for (let turn = 0; turn < 40; turn++) {
      const density = turn % 2 === 0 ? 1 : 2;
      const size = { width: 160 * density, height: 120 * density };
      const view = { scale: 0.3 + random() * 3, x: random() * 60 - 30, y: random() * 60 - 30 };
      const painting = new Painting(200, 150);
      const piece = new Overlay(size, new Look(density));
      piece.turn(aim(painting.plane, view, piece.size, piece.look));
      piece.more(painting.plane);
      for (let stroke = 0; stroke < 6; stroke++) {
        const point = () => [random() * 200, random() * 150] as const;
        const rect = painting.lay(point(), point(), 2 + random() * 20, Math.floor(random() * 8) as 0);
        if (rect) piece.draw(painting.plane, rect);
      }
      const whole = new Overlay(size, new Look(density));
      whole.turn(aim(painting.plane, view, whole.size, whole.look));
      whole.more(painting.plane);
      expect(piece.pixels.findIndex((value, at) => value !== whole.pixels[at])).toBe(-1);
    }
  });

  test("what changed off the stage draws nothing", () => {
    const painting = new Painting(1000, 1000);
    const overlay = new Overlay({ width: 100, height: 80 }, new Look(1));
    overlay.turn(aim(painting.plane, { scale: 1, x: 0, y: 0 }, overlay.size, overlay.look));
    overlay.more(painting.plane);
    const rect = painting.lay([800, 800], [900, 900], 20, 1);
    expect(rect && overlay.draw(painting.plane, rect)).toBeNull();
  });
});
