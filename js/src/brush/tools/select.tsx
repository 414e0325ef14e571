// Select: a click on the object, a scribble over it or a loose loop around it; Python answers with its mask. Part of the
// second bundle, which comes right behind the photo; its face is in faces.ts.
import { signal as state } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { distance, type Point } from "../../paint/geometry";
import { toPicture, toScreen } from "../../paint/viewport";
import { Button } from "../../ui/controls";
import type { Desk } from "../desk";
import { pick } from "../selecting/pick";
import type { Seed, Selection } from "../selecting/selection";
import { type DeskProps, type Doing, type Gesture, perDesk, type Spot } from "./tool";

/** In CSS pixels, between two points of a line. */
const APART = 2;

const selectionOf = perDesk(() => ({
  seeds: state<readonly Seed[]>([]),
  asking: state(false),
  slow: state(false),
  trouble: state(""),
  draft: state<Seed | null>(null),
  area: null as Selection["area"],
  version: -1,
  turn: 0,
}));

function begin(desk: Desk, first: Spot): Gesture {
  const { draft } = selectionOf(desk);
  const points: Point[] = [];
  let last = first;
  let kept: Spot | null = null;
  const adds = () => !first.erase && !last.alt;
  const move = (spots: readonly Spot[]) => {
    for (const spot of spots) {
      last = spot;
      if (kept && distance(kept.at, spot.at) < APART) continue;
      kept = spot;
      points.push(toPicture(desk.view.peek(), spot.at));
    }
    draft.value = { kind: "scribble", adds: adds(), points: points.slice() };
  };
  const cancel = () => {
    draft.value = null;
  };
  move([first]);
  return {
    move,
    end() {
      cancel();
      point(desk, points, adds());
    },
    cancel,
  };
}

function point(desk: Desk, points: readonly Point[], adds: boolean): void {
  const selection = selectionOf(desk);
  const before = isGoingOn(desk, selection) ? selection.seeds.peek() : [];
  selection.area = desk.area.peek();
  selection.version = desk.document.version.peek();
  selection.trouble.value = "";
  selection.asking.value = true;
  selection.turn++;
  void pick(desk, selection, before, points, adds);
}

/** Whether the next seed belongs to those before it. */
function isGoingOn({ area, document: { version } }: Desk, selection: Selection): boolean {
  return selection.area === area.value && selection.version === version.value;
}

/** Drops what is being worked out; false where nothing is. */
function stop(desk: Desk): boolean {
  const selection = selectionOf(desk);
  if (!selection.asking.peek()) return false;
  selection.turn++;
  selection.asking.value = false;
  selection.slow.value = false;
  selection.seeds.value = selection.seeds.peek().slice(0, -1);
  desk.document.ask("brush.select.cancel").catch(() => {});
  return true;
}

function drop(desk: Desk): void {
  stop(desk);
  const { seeds, trouble } = selectionOf(desk);
  seeds.value = [];
  trouble.value = "";
}

function press({ key, altKey }: KeyboardEvent, desk: Desk, crosshair: boolean): boolean {
  const at = desk.pointer.peek();
  const { seeds, trouble } = selectionOf(desk);
  if (key === "Escape" && (seeds.peek().length > 0 || trouble.peek())) stop(desk) || drop(desk);
  else if (key === "Enter" && altKey && crosshair && at) point(desk, [at], false);
  else return false;
  return true;
}

function Options({ desk }: DeskProps) {
  const selection = selectionOf(desk);
  const { seeds, slow, trouble } = selection;
  const painting = desk.document.painting.value;
  const going = isGoingOn(desk, selection);
  useEffect(() => {
    // What this fails with the first click fails with too, and says so.
    if (painting) desk.document.ask("brush.select.ready").catch(() => {});
  }, [desk, painting]);
  if (slow.value)
    return (
      <span class="kw-brush-selecting" role="status">
        Selecting… <Button label="Cancel" look="line" shortcut="Esc" onClick={() => stop(desk)} />
      </span>
    );
  return (
    <>
      {trouble.value && (
        <span class="kw-brush-refused" role="alert">
          {trouble.value}
        </span>
      )}
      {going && seeds.value.length > 0 && (
        <Button label="New selection" look="line" shortcut="Esc" onClick={() => drop(desk)} />
      )}
    </>
  );
}

function Marks({ desk }: DeskProps) {
  const selection = selectionOf(desk);
  const view = desk.view.value;
  const draft = selection.draft.value;
  const seeds = isGoingOn(desk, selection) ? selection.seeds.value : [];
  return (
    <>
      {[...seeds, ...(draft ? [draft] : [])].map(({ kind, adds, points }, at) => {
        const corners = points.map((corner) => toScreen(view, corner));
        const line = `M${corners.map((corner) => corner.map((each) => each.toFixed(1)).join(" ")).join("L")}`;
        return (
          <g key={at} class="kw-brush-seed">
            {kind !== "click" &&
              ["kw-brush-under", ""].map((look) => (
                <path key={look} class={look} d={kind === "loop" ? `${line}Z` : line} />
              ))}
            <g transform={`translate(${corners[0]})`}>
              <circle r={6} />
              <path d={adds ? "M-3 0H3M0-3V3" : "M-3 0H3"} />
            </g>
          </g>
        );
      })}
    </>
  );
}

export const select: Doing = {
  begin,
  press,
  drop,
  Options,
  Marks,
};
