// Keys while a handle is chosen, or points are being set. Without either they are the brush's and the notebook's.
import type { Point } from "../../../paint/geometry";
import type { Desk } from "../../desk";
import { reshape, say, sayHandle, within } from "./edit";
import { hold, inHand, placed, without } from "./held";

const ARROWS: Record<string, Point> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** With `crosshair` out, arrow keys and Enter are its own while points are being set. */
export function press(event: KeyboardEvent, desk: Desk, crosshair: boolean): boolean {
  const now = inHand(desk);
  const { key, target } = event;
  if (now === null || now.chosen < 0 || event.ctrlKey || event.metaKey || event.altKey) return false;
  const { handles, chosen, growing } = now;
  const onStage = target instanceof Element && target.matches("[role=application]");
  const way = ARROWS[key];
  if (key === "Escape" || (key === "Enter" && onStage && !crosshair)) {
    hold(desk);
    say(desk, growing ? "Path ended" : "Point let go");
  } else if (key === "Delete" || key === "Backspace") {
    if (handles.length > 1) reshape(desk, now, without(handles, chosen), Math.max(0, chosen - 1));
    else hold(desk);
  } else if (!onStage || growing) {
    return false;
  } else if (key === "Tab") {
    const next = (chosen + (event.shiftKey ? handles.length - 1 : 1)) % handles.length;
    hold(desk, { chosen: next });
    sayHandle(desk, handles, next);
  } else if (way) {
    const far = event.shiftKey ? 10 : 1;
    const [x, y] = handles[chosen] as Point;
    const moved = placed(handles, chosen, within(desk, [x + way[0] * far, y + way[1] * far]));
    reshape(desk, now, moved, chosen);
    sayHandle(desk, moved, chosen);
  } else return false;
  return true;
}
