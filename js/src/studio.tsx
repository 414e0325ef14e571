// The studio: kling_widgets.Studio.
import "./ui/theme.css"; // first: the other sheets build on it
import type { RenderProps } from "@anywidget/types";
import { Studio } from "./studio/Studio";
import type { StudioTraits } from "./studio/state";
import { mount } from "./ui/mount";
import { connect } from "./ui/wire";

export default {
  render({ model, el, signal }: RenderProps<StudioTraits>) {
    return mount({ model, el, signal }, (end) => <Studio model={model} wire={connect(model, end)} signal={end} />);
  },
};
