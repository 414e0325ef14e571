// The brush's keys. They are heard on the brush's own element, never on the page, and only those used here are kept from it.
import { AREAS, STATIC } from "../paint/plane";
import type { Desk } from "./desk";
import { TOOLS, toolOf } from "./tools/all";

/** Does what the key says; false where it says nothing to the brush. */
export function press(event: KeyboardEvent, desk: Desk): boolean {
  if (toolOf(desk.tool.peek()).press?.(event, desk)) return true;
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    if (event.altKey) return false;
    if (key === "z" && !event.shiftKey) desk.document.undo();
    else if (key === "z" || key === "y") desk.document.redo();
    else return false;
    return true;
  }
  if (event.altKey) return false;
  const tool = TOOLS.find((one) => one.key === key);
  const area = AREAS.find((number) => String(number) === key);
  if (tool) desk.choose(tool.name);
  else if (area) desk.take(area);
  else if (key === "0") desk.take(STATIC);
  else if (key === "[") desk.resize(Math.min(desk.size.peek() - 1, desk.size.peek() * 0.85));
  else if (key === "]") desk.resize(Math.max(desk.size.peek() + 1, desk.size.peek() * 1.18));
  else if (key === "+" || key === "=") desk.zoom(1.25);
  else if (key === "-") desk.zoom(0.8);
  else if (key === "home") desk.fit();
  else if (key === "delete" || key === "backspace") event.shiftKey ? desk.clearAll() : desk.clear();
  else return false;
  return true;
}
