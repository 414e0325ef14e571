// What Python says of a drawing. Its half is kling_widgets/widgets/strokes.py.
import { unpackLabels } from "../paint/deflate";
import type { Change, Path, Paths } from "../paint/history";
import { Painting } from "../paint/painting";
import { AREAS } from "../paint/plane";

type OnWire = Record<string, Path | null>;

export interface Opened {
  /** Width and height of the original photo; null while there is no photo. */
  size: [number, number] | null;
  /** How many of the answer's bytes are the deflated labels; the photo follows. */
  labels: number;
  paths: OnWire;
  /** The photo's media type, and what its pixels come to. */
  type: string;
  photo: string;
  /** Which life of a kernel answers, and the how manieth photo of this brush it is. */
  session: string;
  sheet: number;
  /** Whether a cell waits for "Done". */
  waiting: boolean;
}

export interface Edited {
  rect: [x: number, y: number, width: number, height: number] | null;
  paths: OnWire;
  /** Whether more pieces of the same step follow. */
  more: boolean;
}

export async function paintingOf(size: [number, number], bytes: Uint8Array<ArrayBuffer>, paths: OnWire) {
  const [width, height] = size;
  // No bytes: nothing is painted yet.
  const labels = bytes.length ? await unpackLabels(bytes, width) : undefined;
  return new Painting(width, height, labels, pathsOf(paths));
}

/** Puts an edit of Python's into the open step; says what it covers. */
export function put(painting: Painting, { rect, paths }: Edited, labels: Uint8Array | null): Change {
  const given = AREAS.filter((area) => paths[area] !== undefined);
  for (const area of given) painting.setPath(area, paths[area] ?? null);
  if (rect === null || labels === null) return { rect: null, paths: given };
  const [x, y, width, height] = rect;
  const place = { x, y, width, height };
  painting.paste(place, labels);
  return { rect: place, paths: given };
}

function pathsOf(wire: OnWire): Paths {
  const paths: Paths = new Map();
  for (const area of AREAS) {
    const path = wire[area];
    if (path) paths.set(area, path);
  }
  return paths;
}
