// The tools, in the order they are shown. A new one is a file of its own and a line here.
import { brush, eraser } from "./brush";
import { fill } from "./fill";
import { pan } from "./pan";
import { path } from "./path";
import type { Tool, ToolName } from "./tool";

export const TOOLS: readonly Tool[] = [brush, eraser, fill, path, pan];

export function toolOf(name: ToolName): Tool {
  return TOOLS.find((tool) => tool.name === name) ?? brush;
}
