// A film on its own: kling_widgets.Video shows itself through this.
import "./ui/theme.css"; // first: the other sheets build on it
import type { RenderProps } from "@anywidget/types";
import { Film } from "./film/Film";
import { mount } from "./ui/mount";
import { connect } from "./ui/wire";

export default {
  render({ model, el, signal }: RenderProps) {
    return mount({ model, el, signal }, (end) => <Film wire={connect(model, end)} />);
  },
};
