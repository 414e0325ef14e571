// The whole brush on one surface. The studio lays the same pieces out in its own way.
import { AreaList } from "./AreaList";
import "./brush.css";
import type { Desk } from "./desk";
import { Frame } from "./Frame";
import { Options } from "./Options";
import { Stage } from "./Stage";
import { StatusLine } from "./StatusLine";
import { Toolbar } from "./Toolbar";

interface MotionBrushProps {
  /** From openDesk(model, signal). */
  desk: Desk;
}

export function MotionBrush({ desk }: MotionBrushProps) {
  return (
    <Frame desk={desk}>
      <div class="kw-brush-head">
        <AreaList desk={desk} />
        <Toolbar desk={desk} />
      </div>
      <Options desk={desk} />
      <Stage desk={desk} />
      <StatusLine desk={desk} />
    </Frame>
  );
}
