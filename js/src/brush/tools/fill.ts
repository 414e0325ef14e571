// The paint bucket: what one label encloses takes the label in hand.
import { toPicture } from "../../paint/viewport";
import { fill as icon } from "../../ui/icons";
import { areaName } from "../words";
import type { Tool } from "./tool";

export const fill: Tool = {
  name: "fill",
  label: "Fill",
  key: "f",
  hint: "Fills what an outline encloses",
  icon,
  begin(desk, { at }) {
    const area = desk.area.peek();
    const place = toPicture(desk.view.peek(), at);
    desk.document.change((painting) => painting.fill(place, area), areaName(area), area);
    return null;
  },
};
