// Over the picture while the path tool is in hand: handles, the line to the next point, the time under the pointer.
import { colourOf, css } from "../../../paint/palette";
import { nearest } from "../../../paint/path";
import { asSent } from "../../../paint/resample";
import { curve, PIECES } from "../../../paint/spline";
import { toScreen } from "../../../paint/viewport";
import { placeOf } from "../../words";
import type { DeskProps } from "../tool";
import { handleAt, inHand } from "./held";

/** The time shows within this many CSS pixels of the path. */
const NEAR = 14;

export function PathMarks({ desk }: DeskProps) {
  const now = inHand(desk);
  if (now === null) return null;
  const view = desk.view.value;
  const { handles, chosen, growing, area } = now;
  return (
    <g style={{ "--kw-area": css(colourOf(area)) }}>
      {growing && <Rubber desk={desk} />}
      {handles.map((handle, at) => {
        const [cx, cy] = toScreen(view, handle);
        return (
          <g key={at} class={`kw-brush-handle ${at === chosen ? "kw-brush-chosen" : ""}`}>
            <circle cx={cx} cy={cy} r={6.5} class="kw-brush-rim" />
            <circle cx={cx} cy={cy} r={4.5} />
          </g>
        );
      })}
      <Clock desk={desk} />
    </g>
  );
}

/** From the last point to the pointer, as the curve would go. */
function Rubber({ desk }: DeskProps) {
  const at = desk.hovered.value;
  const now = inHand(desk);
  if (at === null || now === null) return null;
  const line = curve([...now.handles, at]).slice(-PIECES - 1);
  const points = line.map((point) => toScreen(desk.view.value, point).join(" ")).join("L");
  return (
    <>
      <path class="kw-brush-rubber kw-brush-rim" d={`M${points}`} />
      <path class="kw-brush-rubber" d={`M${points}`} />
    </>
  );
}

/** When the area passes here, and where that is. */
function Clock({ desk }: DeskProps) {
  const hovered = desk.hovered.value;
  const now = inHand(desk);
  const room = desk.stage.value;
  if (!hovered || !now?.path || !now.memory || now.growing || !room) return null;
  const path = asSent(now.path);
  const place = nearest(path, hovered);
  if (place.away * desk.view.value.scale > NEAR) return null;
  const [x, y] = toScreen(desk.view.value, place.at);
  const time = (place.step / (path.length - 1)) * desk.duration.value;
  // Where there is no room on the right or above, it stands on the other side.
  const left = x > room.width - 130;
  return (
    <>
      {handleAt(desk, now.handles, hovered) < 0 && <circle class="kw-brush-point" cx={x} cy={y} r={3.5} />}
      <text
        class="kw-brush-clock"
        x={x + (left ? -12 : 12)}
        y={y + (y > 30 ? -12 : 22)}
        text-anchor={left ? "end" : "start"}
      >
        {time.toFixed(1)} s · {placeOf(place.at)} px
      </text>
    </>
  );
}
