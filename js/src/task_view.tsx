// A task on its own, live: kling_widgets.TaskView.
import "./ui/theme.css"; // first: the other sheets build on it
import type { RenderProps } from "@anywidget/types";
import type { TaskTraits } from "./task/state";
import { TaskPanel } from "./task/TaskPanel";
import { mount } from "./ui/mount";
import { connect } from "./ui/wire";

export default {
  render({ model, el, signal }: RenderProps<TaskTraits>) {
    return mount({ model, el, signal }, (end) => <TaskPanel model={model} wire={connect(model, end)} signal={end} />);
  },
};
