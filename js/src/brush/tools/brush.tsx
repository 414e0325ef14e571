// Brush and eraser: a hand's samples become paint. Shift and a click draw a line from where the last stroke ended.
import { type Label, NONE } from "../../paint/plane";
import { type Sample, Stroke } from "../../paint/stroke";
import { toPicture } from "../../paint/viewport";
import { brush as brushIcon, eraser as eraserIcon } from "../../ui/icons";
import type { Desk } from "../desk";
import { SizeSlider } from "../SizeSlider";
import { type Gesture, perDesk, type Spot, type Tool } from "./tool";

/** Where the last stroke of a view ended. */
const ends = perDesk<{ last: Sample | null }>(() => ({ last: null }));

export function paint(desk: Desk, first: Spot, erase: boolean): Gesture {
  const { document } = desk;
  const label: Label = erase ? NONE : desk.area.peek();
  const stroke = new Stroke((from, to, radius) => document.lay(from, to, radius, label));
  const sample = ({ at, pressure, pen }: Spot): Sample => ({
    at: toPicture(desk.view.peek(), at),
    radius: (desk.size.peek() / 2) * (pen ? 0.2 + 0.8 * pressure : 1),
  });
  const move = (spots: readonly Spot[]) => {
    for (const spot of spots) stroke.to(sample(spot));
  };
  document.begin();
  const { last } = ends(desk);
  if (first.shift && last) stroke.to(last);
  move([first]);
  return {
    move,
    end() {
      if (stroke.end) ends(desk).last = stroke.end;
      document.end(label);
    },
    cancel: () => document.cancel(),
  };
}

export const brush: Tool = {
  name: "brush",
  label: "Brush",
  key: "b",
  hint: "Paints the area in hand; the right button erases, Shift and a click draw a line",
  icon: brushIcon,
  round: true,
  begin: (desk, first) => paint(desk, first, false),
  Options: SizeSlider,
};

export const eraser: Tool = {
  name: "eraser",
  label: "Eraser",
  key: "e",
  hint: "Takes paint away, of whatever area",
  icon: eraserIcon,
  round: true,
  begin: (desk, first) => paint(desk, first, true),
  Options: SizeSlider,
};
