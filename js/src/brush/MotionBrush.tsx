// The whole brush on one surface. The studio lays the same pieces out in its own way.
import { AreaList } from "./AreaList";
import "./brush.css";
import { CheckList } from "./CheckList";
import type { Check } from "./checks";
import type { Desk } from "./desk";
import { Frame } from "./Frame";
import { Options } from "./Options";
import { PlayBar } from "./PlayBar";
import { Stage } from "./Stage";
import { StatusLine } from "./StatusLine";
import { Toolbar } from "./Toolbar";

interface MotionBrushProps {
  /** From openDesk(model, signal). */
  desk: Desk;
  /** What the surface around checks, shown before the brush's own. */
  extra?: readonly Check[];
}

export function MotionBrush({ desk, extra = [] }: MotionBrushProps) {
  return (
    <Frame desk={desk}>
      <div class="kw-brush-head">
        <AreaList desk={desk} />
        <Toolbar desk={desk} />
      </div>
      <Options desk={desk} />
      <Stage desk={desk} />
      <PlayBar desk={desk} />
      <StatusLine desk={desk} />
      <CheckList desk={desk} extra={extra} />
    </Frame>
  );
}
