// What the brush can do without in its first moment, a bundle of its own: Python sends it right behind the photo (brush/more.ts).
// It shares the widget's Preact, and beside that nothing but what it is handed: a module of both bundles is there twice.
import { ChangeMenu } from "./brush/ChangeMenu";
import { Help } from "./brush/Help";
import { lasso } from "./brush/tools/lasso";
import { path } from "./brush/tools/path";
import { select } from "./brush/tools/select";
import type { Doing, ToolName } from "./brush/tools/tool";

export { checksOf, factsOf } from "./brush/checks";
export { handOf } from "./brush/hand";
export { Kept } from "./brush/kept";
export { isTheirs, press } from "./brush/keys";
export { accelerate } from "./gl/graphics";
export { play } from "./preview/player";
export { ChangeMenu, Help };

export const tools: Partial<Record<ToolName, Doing>> = { lasso, path, select };
