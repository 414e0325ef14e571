// All effects as cards: kling_widgets.EffectPicker.
import "./ui/theme.css"; // first: the other sheets build on it
import type { RenderProps } from "@anywidget/types";
import { Effects } from "./effects/Effects";
import type { EffectsTraits } from "./effects/table";
import { mount } from "./ui/mount";
import { connect } from "./ui/wire";

export default {
  render({ model, el, signal }: RenderProps<EffectsTraits>) {
    return mount({ model, el, signal }, (end) => <Effects model={model} wire={connect(model, end)} signal={end} />);
  },
};
