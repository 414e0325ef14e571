// Every key that the help sheet lists, pressed on a desk without a screen.
import { describe, expect, test } from "vitest";
import { Desk } from "../src/brush/desk";
import { BrushDocument } from "../src/brush/document";
import { handOf } from "../src/brush/hand";
import { groupsOf, press } from "../src/brush/keys";
import { kit } from "../src/brush/more";
import { filmOf } from "../src/brush/play";
import { TOOLS, toolOf } from "../src/brush/tools/all";
import { pathInWords } from "../src/brush/words";
import * as more from "../src/brush_more";
import { Painting } from "../src/paint/painting";
import { fit } from "../src/paint/viewport";

kit.value = more;
const [WIDTH, HEIGHT] = [200, 120];

/** A desk whose kernel never answers; something is painted, done and undone, and the view is zoomed. */
function deskAtWork(): Desk {
  const model = { get: () => "", set() {}, save_changes() {}, on() {}, off() {}, send() {} };
  const document = new BrushDocument(model as never, new AbortController().signal);
  document.painting.value = new Painting(WIDTH, HEIGHT);
  const desk = new Desk(document, new AbortController().signal);
  desk.stage.value = { width: 400, height: 240 };
  desk.size.value = 20;
  document.change(
    (painting) =>
      painting.setPath(3, [
        [30, 60],
        [90, 60],
      ]),
    "",
  );
  for (const at of [30, 90]) document.change((painting) => painting.lay([at, 60], [at, 60], 15, 3), "", 3);
  document.undo();
  desk.area.value = 3;
  desk.zoom(2);
  handOf(desk).show();
  return desk;
}

/** A chord as the browser would tell of it. */
function typed(chord: string, more: object = {}): KeyboardEvent {
  const parts = chord.split(/\+(?=.)/);
  const key = parts.pop() ?? "";
  return {
    key: key.startsWith("arrow") ? `Arrow${key.charAt(5).toUpperCase()}${key.slice(6)}` : key,
    ctrlKey: parts.includes("ctrl"),
    metaKey: false,
    shiftKey: parts.includes("shift"),
    altKey: parts.includes("alt"),
    timeStamp: 1000,
    ...more,
  } as KeyboardEvent;
}

function seen(desk: Desk) {
  const painting = desk.document.painting.value;
  const hand = handOf(desk);
  return JSON.stringify([
    [
      desk.tool,
      desk.area,
      desk.size,
      desk.view,
      desk.fitted,
      desk.help,
      hand.at,
      hand.down,
      hand.grip,
      filmOf(desk).shows,
    ].map(({ value }) => value),
    painting?.tally.count(3),
    painting?.pathsOnWire(),
  ]);
}

describe("each key that the help sheet lists", () => {
  const keys = groupsOf(TOOLS).flatMap((group) => group.keys);
  const chords = keys.flatMap((key) => key.chords.map((chord) => ({ chord, words: key.words })));

  test.each(chords)("$chord: $words", ({ chord }) => {
    const desk = deskAtWork();
    if (chord === "b") desk.choose("eraser");
    if (chord === "3") desk.take(1);
    if (chord === "escape") press(typed("enter"), desk, true);
    const before = seen(desk);
    expect(press(typed(chord), desk, true)).toBe(true);
    if (chord === "home")
      expect(desk.view.value).toEqual(fit({ width: WIDTH, height: HEIGHT }, { width: 400, height: 240 }));
    expect(seen(desk)).not.toBe(before);
  });

  test("belongs to one of them alone", () => {
    const all = chords.map(({ chord }) => chord);
    expect(all).toEqual([...new Set(all)]);
  });
});

describe("what the brush leaves to others", () => {
  test.each(["ctrl+s", "ctrl+b", "alt+b", "ctrl+alt+z", "ctrl++", "ctrl+0", "a", "j", "escape"])("%s", (chord) => {
    const desk = deskAtWork();
    const before = seen(desk);
    expect(press(typed(chord), desk, true)).toBe(false);
    expect(seen(desk)).toBe(before);
  });

  test.each(["arrowup", "enter", " "])("%s, away from the canvas", (chord) => {
    const desk = deskAtWork();
    const before = seen(desk);
    expect(press(typed(chord), desk, false)).toBe(false);
    expect(seen(desk)).toBe(before);
  });
});

test("a sign is heard however the keyboard makes it", () => {
  const [american, german, french] = [deskAtWork(), deskAtWork(), deskAtWork()];
  press(typed("["), american, true);
  press(typed("[", { ctrlKey: true, altKey: true }), german, true);
  press(typed("2", { shiftKey: true }), french, true);
  expect([american.size.value, german.size.value, french.area.value]).toEqual([17, 17, 2]);
});

describe("the keyboard's hand", () => {
  const keys = (desk: Desk, ...chords: string[]) => {
    for (const chord of chords) press(typed(chord), desk, true);
  };

  test("paints from where Enter puts the brush down to where it lifts it", () => {
    const desk = deskAtWork();
    const { document } = desk;
    const painting = document.painting.value as Painting;
    const steps = painting.history.canRedo;
    keys(desk, "2", "enter");
    expect(document.said.value).toBe("Brush down at 100, 60");
    keys(desk, ...Array(4).fill("arrowright"));
    expect(document.said.value).toBe("120, 60, Area 2");
    keys(desk, "enter");
    expect(document.said.value).toBe(`Area 2: ${(painting.share(2) * 100).toFixed(1)} % of the picture`);
    expect([painting.plane.at([100, 60]), painting.plane.at([129, 60]), painting.plane.at([132, 60])]).toEqual([
      2, 2, 0,
    ]);
    expect([steps, painting.history.canRedo]).toEqual([true, false]);
  });

  test("takes back with Escape what it has not lifted", () => {
    const desk = deskAtWork();
    const before = desk.document.painting.value?.plane.data.slice();
    keys(desk, "enter", "shift+arrowdown", "escape");
    expect(desk.document.painting.value?.plane.data).toEqual(before);
    expect(handOf(desk).down.value).toBe(false);
  });

  test("lifts the brush before another key does its work", () => {
    const desk = deskAtWork();
    const painting = desk.document.painting.value as Painting;
    keys(desk, "enter", "arrowdown", "ctrl+z");
    expect([painting.plane.at([100, 60]), painting.history.canRedo]).toEqual([0, true]);
  });

  test("draws a path", () => {
    const desk = deskAtWork();
    keys(desk, "p", "enter", "shift+arrowright", "shift+arrowup", "enter");
    const path = desk.document.painting.value?.paths.get(3) ?? [];
    expect([path[0], path[path.length - 1]]).toEqual([
      [101, 61],
      [126, 36],
    ]);
  });

  test("never leaves the picture, and the view goes along", () => {
    const desk = deskAtWork();
    keys(desk, ...Array(30).fill("shift+arrowleft"), ...Array(30).fill("shift+arrowup"));
    expect(handOf(desk).at.value).toEqual([0.5, 0.5]);
    expect(desk.view.value).toEqual({ scale: 4, x: 0, y: 0 });
  });

  test("pans with the pan tool", () => {
    const desk = deskAtWork();
    const { x } = desk.view.value;
    keys(desk, "h", "arrowright");
    expect(desk.view.value.x).toBe(x - 40);
  });
});

test("there is no undo in the middle of a stroke", () => {
  const desk = deskAtWork();
  const painting = desk.document.painting.value as Painting;
  const spot = { at: [200, 120] as const, pressure: 1, pen: false, shift: false, alt: false, time: 0 };
  const stroke = toolOf("brush").begin(desk, spot);
  press(typed("ctrl+z"), desk, true);
  stroke?.end();
  const counted = painting.plane.data.filter((label) => label === 3).length;
  expect([painting.tally.count(3), painting.plane.at([30, 60])]).toEqual([counted, 3]);
});

test("the way of a path is told in words", () => {
  const words = ([...ends]: [number, number][]) => pathInWords([[50, 50], ...ends]);
  expect([
    words([[90, 20]]),
    words([[90, 52]]),
    words([[50, 90]]),
    words([[10, 50]]),
    words([
      [90, 20],
      [51, 50],
    ]),
  ]).toEqual([
    "path of 2 points, to the right and up",
    "path of 2 points, to the right",
    "path of 2 points, down",
    "path of 2 points, to the left",
    "path of 3 points, back to where it starts",
  ]);
});
