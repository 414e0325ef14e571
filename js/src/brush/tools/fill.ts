// The paint bucket: what one label encloses takes the label in hand.
import { NONE } from "../../paint/plane";
import { toPicture } from "../../paint/viewport";
import { fill as icon } from "../../ui/icons";
import { areaName } from "../words";
import type { Tool } from "./tool";

export const fill: Tool = {
  name: "fill",
  label: "Fill",
  key: "f",
  hint: "Fills what an outline encloses; the right button empties it",
  icon,
  erases: true,
  begin(desk, { at, erase }) {
    const label = erase ? NONE : desk.area.peek();
    const place = toPicture(desk.view.peek(), at);
    desk.guard();
    desk.document.change((painting) => painting.fill(place, label), erase ? "Erased" : areaName(label), label);
    return null;
  },
};
