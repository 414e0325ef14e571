// A mask from elsewhere becomes an area.
import type { Rect } from "./geometry";
import type { Painting } from "./painting";
import { type Label, NONE } from "./plane";

/** Inside `rect` the label is where `mask` is one, row by row, and nowhere else. */
export function become({ plane, history, protect }: Painting, label: Label, rect: Rect, mask: Uint8Array): void {
  const { data, width } = plane;
  history.touch(rect);
  for (let at = 0; at < mask.length; at++) {
    const place = (rect.y + Math.floor(at / rect.width)) * width + rect.x + (at % rect.width);
    const was = data[place];
    if (mask[at] === 0) {
      if (was === label) data[place] = NONE;
    } else if (protect === null || was === NONE || was === protect) data[place] = label;
  }
}
