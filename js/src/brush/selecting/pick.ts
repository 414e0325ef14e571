// From a gesture to a mask: what the gesture was, the question to Python, and the answer into the drawing as one step.
import { unpackLabels } from "../../paint/deflate";
import type { Point } from "../../paint/geometry";
import { become } from "../../paint/mask";
import type { Label } from "../../paint/plane";
import type { Desk } from "../desk";
import { areaName } from "../words";
import { kindOf } from "./kind";
import type { Seed, Selection } from "./selection";

/** So many points of a line are enough. */
const ENOUGH = 64;
/** Milliseconds after which one is told that it takes a moment. */
const MOMENT = 300;

interface Selected {
  /** Where the area changes; null where it does not. */
  rect: [x: number, y: number, width: number, height: number] | null;
  /** Something newer was asked meanwhile. */
  dropped?: boolean;
}

/** Adds what one points at to the area in hand, or takes it away. `before` are the seeds that led to what it holds. */
export async function pick(
  desk: Desk,
  selection: Selection,
  before: readonly Seed[],
  points: readonly Point[],
  adds: boolean,
): Promise<void> {
  const { document } = desk;
  const { turn, seeds, trouble, asking, slow } = selection;
  const area = desk.area.peek();
  const isStale = () => turn !== selection.turn || area !== desk.area.peek();
  seeds.value = [...before, seedOf(points, adds, desk.view.peek().scale)];
  const fail = (words: string) => {
    seeds.value = before;
    trouble.value = words;
  };
  const timer = setTimeout(() => {
    slow.value = turn === selection.turn;
  }, MOMENT);
  try {
    // Python adds to what the area holds there.
    await document.settled();
    if (isStale()) return;
    const { body, bytes } = await document.ask<Selected>("brush.select", question(area, seeds.peek()));
    const mask = body.rect && (await unpackLabels(bytes, body.rect[2]));
    await document.rest();
    if (turn === selection.turn && (body.dropped || isStale())) seeds.value = before;
    if (isStale() || body.dropped) return;
    if (body.rect === null || mask === null) {
      fail(adds ? "That is in the area already: point beside it." : "That is not in the area: nothing to take away.");
      return;
    }
    const [x, y, width, height] = body.rect;
    desk.guard();
    document.change((painting) => become(painting, area, { x, y, width, height }, mask), areaName(area), area);
    selection.version = document.version.peek();
  } catch (error) {
    if (!isStale()) fail(error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
    if (turn === selection.turn) {
      slow.value = false;
      asking.value = false;
    }
  }
}

function seedOf(points: readonly Point[], adds: boolean, scale: number): Seed {
  const kind = kindOf(points, scale);
  const step = kind === "click" ? points.length : Math.ceil(points.length / ENOUGH);
  return { kind, adds, points: points.filter((_, at) => at % step === 0) };
}

/** The seeds as Python takes them; of loops the newest gesture alone. */
function question(area: Label, seeds: readonly Seed[]) {
  const last = seeds[seeds.length - 1];
  const points = (adds: boolean) =>
    seeds.filter((seed) => seed.adds === adds && seed.kind !== "loop").flatMap((seed) => seed.points);
  const loop = last?.kind === "loop" ? last.points : null;
  return { area, inside: points(true), outside: points(false), loop, adds: last?.adds };
}
