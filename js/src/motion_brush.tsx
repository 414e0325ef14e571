// The motion brush: photo, six areas and a static one, a path for each area.
import "./ui/theme.css"; // first: the other sheets build on it
import type { Initialize, Render } from "@anywidget/types";
import { openDesk } from "./brush/desk";
import { MotionBrush } from "./brush/MotionBrush";
import { documentOf } from "./brush/shelf";
import { mount } from "./ui/mount";

interface BrushModel {
  _brush_id: string;
}

/** The model itself holds its drawing, so that closing the last view loses no step of it. */
const initialize: Initialize<BrushModel> = ({ model, signal }) => {
  documentOf(model, signal);
};

const render: Render<BrushModel> = (view) =>
  mount(view, (signal) => <MotionBrush desk={openDesk(view.model, signal)} />);

export default { initialize, render };
