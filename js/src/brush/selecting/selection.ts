// What one pointed at, for each view, and what came of it. Shared by the tool and by what asks Python (pick.ts, in the second bundle).
import type { Signal } from "@preact/signals";
import type { Point } from "../../paint/geometry";
import type { Label } from "../../paint/plane";

export interface Seed {
  readonly kind: "click" | "scribble" | "loop";
  readonly adds: boolean;
  /** In pixels of the photo. */
  readonly points: readonly Point[];
}

export interface Selection {
  readonly seeds: Signal<readonly Seed[]>;
  /** Whether an answer is awaited, and whether that takes longer than a moment. */
  readonly asking: Signal<boolean>;
  readonly slow: Signal<boolean>;
  /** What went wrong, in words. */
  readonly trouble: Signal<string>;
  /** Whose seeds they are, and the drawing they led to: with another area or after another edit one begins anew. */
  area: Label | null;
  version: number;
  /** Counts questions: an answer to an older one is dropped. */
  turn: number;
}
