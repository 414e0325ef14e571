// A handle under the pointer: dragged, set, taken away.
import { distance, type Point } from "../../../paint/geometry";
import type { Path } from "../../../paint/history";
import { whole } from "../../../paint/resample";
import { straight } from "../../../paint/turns";
import { toPicture } from "../../../paint/viewport";
import type { Desk } from "../../desk";
import type { Gesture, Spot } from "../tool";
import { madeOf, reshape, sayHandle, through, within } from "./edit";
import { hold, type InHand, placed } from "./held";

/** A hand that clicks slips by less than this (CSS pixels). */
const SLIP = 3;

/** Drags one of `handles`. A new one is set even where it is not moved; an old one is then only chosen. */
export function drag(desk: Desk, now: InHand, handles: Path, index: number, first: Spot, fresh: boolean): Gesture {
  const { growing } = now;
  const [hx, hy] = handles[index] as Point;
  const beside = handles[index > 0 ? index - 1 : 1];
  let at = handles;
  let moved = fresh;
  const move = (spots: readonly Spot[]) => {
    const last = spots.at(-1);
    if (last === undefined) return;
    moved ||= distance(last.at, first.at) >= SLIP;
    if (!moved) return;
    const [[x, y], [fx, fy]] = [toPicture(desk.view.peek(), last.at), toPicture(desk.view.peek(), first.at)];
    const to: Point = [hx + x - fx, hy + y - fy];
    at = placed(handles, index, whole(within(desk, last.shift && beside ? straight(beside, to) : to)));
    hold(desk, { chosen: index, growing, handles: at });
    desk.draft.value = at.length > 1 ? madeOf(desk, through(now, at, growing)) : null;
  };
  move([first]);
  return {
    move,
    end() {
      desk.draft.value = null;
      if (moved && at.length > 1) reshape(desk, now, at, index);
      else hold(desk, { chosen: index, growing, handles: at.length > 1 ? null : at });
      sayHandle(desk, at, index);
    },
    cancel() {
      desk.draft.value = null;
      // A first point alone is nowhere else.
      hold(desk, { growing, handles: now.handles.length > 1 ? null : now.handles, chosen: now.chosen });
    },
  };
}
