// The tools whose doing comes with the second bundle (brush_more.ts): what is shown of them from the first moment on.
import { STATIC } from "../../paint/plane";
import { lasso as lassoIcon, path as pathIcon, select as selectIcon } from "../../ui/icons";
import type { Face } from "./tool";

export const select: Face = {
  name: "select",
  label: "Select",
  key: "s",
  hint: "Click an object, scribble over it or loop around it; with Alt it is taken away",
  icon: selectIcon,
  erases: true,
  keys: [
    ["Alt Enter", "Take the object at the crosshair away"],
    ["Esc", "Stop selecting, then begin a new selection"],
  ],
};

export const lasso: Face = {
  name: "lasso",
  label: "Lasso",
  key: "l",
  hint: "Drag around what is meant, or click corners, Enter closes; with Alt it erases",
  icon: lassoIcon,
  erases: true,
  keys: [
    ["Enter", "Close and fill; with Alt erase"],
    ["Backspace", "Take the last corner back"],
    ["Esc", "Drop the outline"],
  ],
};

export const path: Face = {
  name: "path",
  label: "Path",
  key: "p",
  hint: "Drag where the area goes, with Shift straight; or click point by point",
  icon: pathIcon,
  idle: (desk) =>
    desk.area.value === STATIC ? "the static area stays still, so it has no path: choose an area first" : "",
};
