// The lasso: drag around what is meant, or click from corner to corner; both mix. What the outline goes round takes the area in hand.
import { type Signal, signal as state } from "@preact/signals";
import { enclose } from "../../paint/enclose";
import { distance, type Point } from "../../paint/geometry";
import { NONE } from "../../paint/plane";
import { toPicture, toScreen } from "../../paint/viewport";
import type { Desk } from "../desk";
import { areaName } from "../words";
import { type DeskProps, type Doing, type Gesture, perDesk, type Spot } from "./tool";

/** In CSS pixels: up to here a press that moved was a click. */
const SLOP = 4;
/** In CSS pixels: so near the first corner a click closes. */
const HOME = 9;
/** Milliseconds between two clicks that are one double click. */
const DOUBLE = 400;

interface Draft {
  /** In pixels of the photo. Each click is a stretch of one point and each drag a longer one. */
  readonly stretches: Signal<readonly (readonly Point[])[]>;
  /** Whether a pointer is down. */
  held: boolean;
  /** The last corner's click, while a second one there would be a double click. */
  click: Spot | null;
}

const draftOf = perDesk<Draft>(() => ({ stretches: state([]), held: false, click: null }));

function begin(desk: Desk, first: Spot): Gesture {
  const draft = draftOf(desk);
  const { stretches } = draft;
  const before = stretches.peek();
  const start = toPicture(desk.view.peek(), first.at);
  const trail: Point[] = [start];
  let last = first;
  let kept = first.at;
  let dragged = false;
  const show = () => {
    stretches.value = [...before, dragged ? trail.slice() : [start]];
  };
  draft.held = true;
  show();
  return {
    move(spots) {
      for (const spot of spots) {
        dragged ||= distance(first.at, spot.at) > SLOP;
        last = spot;
        if (distance(kept, spot.at) < 1) continue;
        trail.push(toPicture(desk.view.peek(), spot.at));
        kept = spot.at;
      }
      if (dragged) show();
    },
    end() {
      draft.held = false;
      const erase = first.erase === true || last.alt;
      const home = before[0]?.[0];
      const closes = home !== undefined && isNear(desk, home, last.at);
      const again = draft.click && first.time - draft.click.time < DOUBLE && distance(draft.click.at, first.at) <= SLOP;
      draft.click = dragged ? null : first;
      if (dragged) {
        if (closes || before.length === 0) close(desk, erase);
      } else if (closes || again) {
        stretches.value = before;
        close(desk, erase);
      }
    },
    cancel() {
      draft.held = false;
      stretches.value = before;
    },
  };
}

/** Fills or empties what the outline goes round. With fewer than three points there is nothing yet: it stays. */
function close(desk: Desk, erase: boolean): void {
  const outline = draftOf(desk).stretches.peek().flat();
  if (outline.length < 3) return;
  drop(desk);
  const label = erase ? NONE : desk.area.peek();
  desk.guard();
  desk.document.change((painting) => enclose(painting, outline, label), erase ? "Erased" : areaName(label), label);
}

/** Keeps so many stretches. */
function take(desk: Desk, count: number): void {
  const draft = draftOf(desk);
  draft.stretches.value = draft.stretches.peek().slice(0, count);
  draft.click = null;
}

function drop(desk: Desk): void {
  take(desk, 0);
}

function press({ key, altKey, ctrlKey, metaKey }: KeyboardEvent, desk: Desk, crosshair: boolean): boolean {
  const { stretches, held } = draftOf(desk);
  const outline = stretches.peek().flat();
  const last = outline[outline.length - 1];
  // In the middle of a drag Backspace would clear the area.
  if (held || last === undefined) return held && key === "Backspace";
  if (key === "Escape") drop(desk);
  else if (key === "Backspace" || ((ctrlKey || metaKey) && key === "z")) take(desk, stretches.peek().length - 1);
  else if (key === "Enter" && outline.length > 2) {
    const at = desk.pointer.peek();
    // Away from the last corner the crosshair's Enter is the next one.
    if (crosshair && !(at && isNear(desk, last, toScreen(desk.view.peek(), at)))) return false;
    close(desk, altKey);
  } else return false;
  return true;
}

function Marks({ desk }: DeskProps) {
  const { stretches, held } = draftOf(desk);
  const [first, ...more] = stretches.value;
  if (!first) return null;
  const view = desk.view.value;
  const pointer = desk.pointer.value;
  const corners = [first, ...more].flat().map((point) => toScreen(view, point));
  const at = pointer && toScreen(view, pointer);
  const [x, y] = corners[0] as Point;
  const closes = at !== null && more.length > 1 && !held && distance(at, [x, y]) <= HOME;
  const outline = at && !held && !closes ? [...corners, at] : corners;
  const line = `M${outline.map((point) => point.map((each) => each.toFixed(1)).join(" ")).join("L")}${closes ? "Z" : ""}`;
  const radius = closes ? 7 : 4;
  return (
    <g class="kw-brush-lasso">
      {["kw-brush-under", ""].map((look) => (
        <g key={look} class={look}>
          <path d={line} />
          <circle cx={x} cy={y} r={radius} />
        </g>
      ))}
    </g>
  );
}

function isNear(desk: Desk, point: Point, at: Point): boolean {
  return distance(toScreen(desk.view.peek(), point), at) <= HOME;
}

export const lasso: Doing = {
  begin,
  press,
  drop,
  Marks,
};
