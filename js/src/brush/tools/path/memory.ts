// How a path came to be, for as long as nobody else changes it: undo and redo bring the very same path back, and this with it.
import type { Point } from "../../../paint/geometry";
import type { Path } from "../../../paint/history";
import { lengths } from "../../../paint/path";
import { fewest, paceOf, spread } from "../../../paint/resample";
import { curve, handlesFor, PIECES } from "../../../paint/spline";
import type { Turn } from "../../../paint/turns";

export interface Memory {
  /** What one drags. Given as none, they are fitted to the path. */
  readonly handles: Path;
  /** Points equally spaced in time that hold its pace; null where it was never gone along by hand. */
  readonly track: Path | null;
  /** Whether its line is the track itself: until a handle is touched it stays as it was drawn. */
  readonly drawn: boolean;
  readonly even: boolean;
  /** It was made point by point, and may go on so. */
  readonly open?: boolean;
}

const memories = new WeakMap<Path, Memory>();

/** Python's own paths too can be edited: they are as if drawn. */
export function memoryOf(path: Path): Memory {
  const memory = memories.get(path) ?? { handles: handlesFor(path), track: path, drawn: true, even: false };
  memories.set(path, memory);
  return memory;
}

export function make(memory: Memory, tolerance: number): Path {
  const { handles, track, drawn } = memory;
  const line = drawn && track ? track : curve(handles);
  const pace = memory.even ? null : track;
  const path = fewest(line, pace ? paceOf(pace, line) : lengths(line), tolerance, pace !== null);
  memories.set(path, handles.length > 0 ? memory : { ...memory, handles: handlesFor(path) });
  return path;
}

/** The path turned over or moved, with all that is known of it. */
export function turned(path: Path, turn: Turn): Path {
  const { handles, track, ...rest } = memoryOf(path);
  const now = turn(path);
  memories.set(now, { ...rest, handles: turn(handles), track: track && turn(track), open: false });
  return now;
}

/** On from its end, smoothly, back to its start. */
export function closed({ handles, track, ...rest }: Memory): Memory {
  const all = [...handles, handles[0] as Point];
  const leg = curve(all).slice(-PIECES - 1);
  return { ...rest, handles: all, track: track && [...track, ...goOn(track, leg)], open: false };
}

/** `leg` at the mean pace of the track. */
function goOn(track: Path, leg: Path): Path {
  const way = lengths(leg);
  const pace = (lengths(track).at(-1) ?? 0) / (track.length - 1) || 1;
  return spread(leg, way, Math.max(2, Math.round((way.at(-1) ?? 0) / pace) + 1)).slice(1);
}
