// What a gesture of Select was, and how its answer becomes an area.
import { expect, test } from "vitest";
import { kindOf } from "../src/brush/selecting/kind";
import type { Point } from "../src/paint/geometry";
import { become } from "../src/paint/mask";
import { Painting } from "../src/paint/painting";
import type { Label } from "../src/paint/plane";
import { dice } from "./random";

const ring = (share: number, radius = 50): Point[] =>
  Array.from({ length: 40 }, (_, at) => {
    const turn = (2 * Math.PI * share * at) / 39;
    return [100 + radius * Math.cos(turn), 100 + radius * Math.sin(turn)];
  });
const there = Array.from({ length: 20 }, (_, at): Point => [10 * at, 0]);

const trembling: Point[] = [
  [10, 10],
  [12, 11],
  [13, 10],
];

test.each([
  ["a press that trembled", trembling, 1, "click"],
  ["the same, seen four times as large", trembling, 4, "scribble"],
  ["a ring", ring(1), 1, "loop"],
  ["a ring that does not quite close", ring(0.9), 1, "loop"],
  ["half a ring", ring(0.5), 1, "scribble"],
  ["a line", there, 1, "scribble"],
  ["a line there and back", [...there, ...there.slice().reverse()], 1, "scribble"],
  ["a ring that is small on screen", ring(1, 1), 1, "click"],
])("%s", (_, points, scale, kind) => {
  expect(kindOf(points, scale)).toBe(kind);
});

const drawn = (painting: Painting) => Array.from(painting.plane.data);

test("inside its rectangle the area becomes the mask; other areas lose what it takes, and pixels outside stay", () => {
  const painting = new Painting(3, 2, Uint8Array.of(1, 1, 2, 1, 0, 2));
  become(painting, 1, { x: 1, y: 0, width: 2, height: 2 }, Uint8Array.of(0, 1, 1, 0));
  expect(drawn(painting)).toEqual([1, 0, 1, 1, 1, 2]);
});

test("what is protected is not taken", () => {
  const painting = new Painting(3, 1, Uint8Array.of(0, 1, 2));
  painting.protect = 1;
  become(painting, 1, { x: 0, y: 0, width: 3, height: 1 }, Uint8Array.of(1, 1, 1));
  expect(drawn(painting)).toEqual([1, 1, 2]);
});

test("any mask on any drawing: the label is where the mask is, and undo is the drawing before", () => {
  const random = dice(5);
  for (let round = 0; round < 200; round++) {
    const [width, height] = [1 + Math.floor(random() * 300), 1 + Math.floor(random() * 40)];
    const before = Uint8Array.from({ length: width * height }, () => Math.floor(random() * 8));
    const painting = new Painting(width, height, before.slice());
    const [x, y] = [Math.floor(random() * width), Math.floor(random() * height)];
    const rect = { x, y, width: width - x, height: height - y };
    const mask = Uint8Array.from({ length: rect.width * rect.height }, () => Math.round(random()));
    const label = (1 + Math.floor(random() * 7)) as Label;
    become(painting, label, rect, mask);
    expect(painting.plane.crop(rect).map((now) => (now === label ? 1 : 0))).toEqual(mask);
    if (painting.commit()) painting.undo();
    expect(drawn(painting)).toEqual(Array.from(before));
  }
});
