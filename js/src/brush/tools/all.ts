// The tools, in the order they are shown. A new one is a file of its own and a line here.
import { computed } from "@preact/signals";
import { kit } from "../more";
import { brush, eraser } from "./brush";
import { lasso, path, select } from "./faces";
import { fill } from "./fill";
import { pan } from "./pan";
import type { Doing, Face, Tool, ToolName } from "./tool";

export const TOOLS: readonly (Face | Tool)[] = [brush, eraser, select, lasso, fill, path, pan];

/** The second bundle comes right behind the photo; where it does not come, the kernel is gone. */
const NOT_YET: Doing = {
  begin({ document }) {
    document.said.value = "This tool is not here yet. Should it not come, run the cell again";
    return null;
  },
};

const whole = computed(
  () =>
    new Map<ToolName, Tool>(
      TOOLS.map((tool) => [
        tool.name,
        "begin" in tool ? tool : { ...tool, ...(kit.value?.tools[tool.name] ?? NOT_YET) },
      ]),
    ),
);

export function toolOf(name: ToolName): Tool {
  return whole.value.get(name) ?? brush;
}
