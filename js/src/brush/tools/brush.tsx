// Brush and eraser: a hand's samples become paint. Shift keeps a stroke straight; with Shift, a click draws a line from where the
// last stroke ended.
import { type Signal, signal as state } from "@preact/signals";
import { colourOf, css } from "../../paint/palette";
import { type Label, NONE } from "../../paint/plane";
import { Nib } from "../../paint/pressure";
import { type Sample, Stroke } from "../../paint/stroke";
import { toPicture, toScreen } from "../../paint/viewport";
import { brush as brushIcon, eraser as eraserIcon } from "../../ui/icons";
import type { Desk } from "../desk";
import { SizeSlider } from "../SizeSlider";
import { type DeskProps, type Gesture, perDesk, type Spot, type Tool } from "./tool";

interface Line {
  readonly from: Sample;
  readonly to: Sample;
  readonly label: Label;
}

/** Where the last stroke of a view ended, and the straight line that Shift holds. */
const ofDesk = perDesk<{ last: Sample | null; line: Signal<Line | null> }>(() => ({ last: null, line: state(null) }));

export function paint(desk: Desk, first: Spot, erase: boolean): Gesture {
  const { document } = desk;
  const held = ofDesk(desk);
  const label: Label = erase ? NONE : desk.area.peek();
  const stroke = new Stroke((from, to, radius) => document.lay(from, to, radius, label));
  const nib = first.pen ? new Nib() : null;
  const half = desk.size.peek() / 2;
  const sample = ({ at, pressure, time }: Spot): Sample => ({
    at: toPicture(desk.view.peek(), at),
    radius: half * (nib ? nib.width(pressure, time) : 1),
  });
  /** The line's end, while Shift holds it: not paint yet, for it still moves. */
  let ahead: Sample | null = null;
  const settle = () => {
    if (ahead) stroke.straight(ahead);
    ahead = null;
  };
  const move = (spots: readonly Spot[]) => {
    for (const spot of spots) {
      const next = sample(spot);
      if (!spot.shift) settle();
      if (spot.shift) ahead = next;
      else stroke.to(next);
    }
    held.line.value = ahead && stroke.end && { from: stroke.end, to: ahead, label };
  };
  desk.guard();
  document.begin();
  if (first.shift && held.last) stroke.to(held.last);
  const start = sample(first);
  stroke.to(start);
  return {
    move,
    end() {
      settle();
      if (nib && stroke.end === start) stroke.to({ ...start, radius: half * nib.dot });
      held.line.value = null;
      held.last = stroke.end;
      document.end(label);
    },
    cancel() {
      held.line.value = null;
      document.cancel();
    },
  };
}

function Marks({ desk }: DeskProps) {
  const line = ofDesk(desk).line.value;
  if (line === null) return null;
  const view = desk.view.value;
  const [x1, y1] = toScreen(view, line.from.at);
  const [x2, y2] = toScreen(view, line.to.at);
  const colour = line.label === NONE ? "white" : css(colourOf(line.label));
  const width = 2 * line.to.radius * view.scale;
  return <line class="kw-brush-ahead" x1={x1} y1={y1} x2={x2} y2={y2} stroke={colour} stroke-width={width} />;
}

const shared = { round: true, Options: SizeSlider, Marks } as const;

export const brush: Tool = {
  ...shared,
  name: "brush",
  label: "Brush",
  key: "b",
  hint: "Paints the area in hand; the right button erases, Shift keeps it straight",
  icon: brushIcon,
  begin: (desk, first) => paint(desk, first, false),
};

export const eraser: Tool = {
  ...shared,
  name: "eraser",
  label: "Eraser",
  key: "e",
  hint: "Takes paint away, of whatever area; Shift keeps it straight",
  icon: eraserIcon,
  begin: (desk, first) => paint(desk, first, true),
};
