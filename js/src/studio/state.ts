// The studio's state, sorted by owner. What Python must know is a trait (StudioTraits) or a message; the rest is a Room.
import type { EffectsTraits } from "../effects/table";
import type { TaskTraits } from "../task/state";
import type { Problem } from "../ui/wire";

export type Tab = "motion" | "effects";

/** In step with kling_widgets/studio.py. */
export type StudioTraits = EffectsTraits &
  TaskTraits & {
    tab: Tab;
    prompt: string;
    model_name: string;
    /** Empty where the model has no mode. */
    mode: string;
    duration: number;
    /** Newest first. */
    _takes: readonly Take[];
    /** How many of them were found again, in words; empty for none. */
    _takes_before: string;
    /** Why none could be looked for, in words; empty when they could. */
    _takes_trouble: string;
  };

export interface Take {
  id: string;
  /** What it was made of: the prompt or the effect's title. */
  title: string;
  status: "submitted" | "processing" | "succeed" | "failed";
  /** The vendor's reason for a failure. */
  message: string;
  created: number;
  updated: number;
  /** It was made before this studio was opened. */
  found: boolean;
  /** Watching it broke off; the task view says why. */
  stuck: boolean;
}

/** A row of the capability table: what one model takes in one mode. */
export interface Row {
  model: string;
  /** Empty where the model has no mode. */
  mode: string;
  seconds: readonly number[];
  brush: boolean;
  /** The day the vendor announced its end, or null. */
  retired: string | null;
}

/** What the kernel says when the studio opens. */
export interface Account {
  offline: boolean;
  /** Whose work it is: "the built-in emulator", or the service's host. */
  origin: string;
  /** Why there is no key in use, in plain words; empty with one. */
  note: string;
  rows: readonly Row[];
}

export interface Choice {
  model: string;
  mode: string;
  duration: number;
}

/** What the request of this moment would cost, or what is wrong with it. */
export interface Quote {
  units: number | null;
  usd: number | null;
  problems: readonly Problem[];
  /** The nearest combination that takes what is wanted, where the chosen one does not. */
  remedy: Choice | null;
  warnings: readonly string[];
}

export interface Sample {
  name: string;
  title: string;
  /** Bytes of its thumbnail, which follow one another in the answer. */
  size: number;
}
