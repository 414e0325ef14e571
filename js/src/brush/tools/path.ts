// The way an area goes: drawn by hand, or through points that one sets and moves.
import { begin } from "./path/begin";
import { hold } from "./path/held";
import { press } from "./path/keys";
import { PathMarks } from "./path/PathMarks";
import { PathOptions } from "./path/PathOptions";
import type { Doing } from "./tool";

export const path: Doing = {
  begin,
  press,
  drop: (desk) => hold(desk),
  Options: PathOptions,
  Marks: PathMarks,
};
