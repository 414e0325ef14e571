// What shows the labels of a drawing on the stage. Two ways that look the same: the processor's, and a graphics card's.
import type { Aim } from "../paint/aim";
import type { Rect } from "../paint/geometry";
import type { Look } from "../paint/look";
import type { Plane } from "../paint/plane";
import type { Size } from "../paint/viewport";

export interface Screen {
  /** The stage has this size now, in device pixels. What was on it is gone until `draw`. */
  resize(size: Size, look: Look): void;
  /** Shows the plane so; `dirty` of it has changed since the last time. Whether it wants another frame to be done. */
  draw(plane: Plane, aim: Aim, dirty: Rect | null): boolean;
  end(): void;
}
