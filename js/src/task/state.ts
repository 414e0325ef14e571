// What the kernel tells of a task (kling_widgets/widgets/task_view.py), and how to say it.

export interface TaskState {
  id: string;
  status: "submitted" | "processing" | "succeed" | "failed";
  /** The vendor's reason for a failure. */
  message: string;
  /** What it means and what to do, in our words. */
  reason: string;
  /** Milliseconds since 1970 UTC, by the service's clock. */
  created: number;
  updated: number;
  units: number | null;
  /** It was not made by this submission but found: nothing was charged again. */
  found: boolean;
  offline: boolean;
  origin: string;
  /** The film, or the pictures. */
  film: "none" | "fetching" | "ready";
  /** How many pictures it made; 0 for a film. */
  pictures: number;
  /** What broke off the watch or the fetching, ready to read; empty when nothing did. */
  trouble: string;
  /** No good answer since then (milliseconds, the kernel's clock); `why` is empty when there was no answer at all. */
  lost: { since: number; why: string } | null;
  watching: boolean;
}

export type TaskTraits = { _task_state: TaskState };

/** The state in a word or two. */
export function inWords({ status, film, trouble, pictures }: TaskState): string {
  if (status === "submitted") return "Submitted";
  if (status === "processing") return "Processing";
  if (status === "failed") return "Failed";
  if (film === "ready") return "Done";
  const made = pictures ? "pictures" : "film";
  return film === "fetching" && !trouble ? `Fetching the ${made}` : `Done, ${made} not fetched`;
}

/** That a task was made before, and when; empty for one that was made just now. */
export function foundWords({ found, status, offline, created, updated }: TaskState, now: number): string {
  if (!found) return "";
  const cost = offline ? "found again" : "not charged again";
  if (status === "succeed") return `Already made, ${cost}. Finished on ${moment(updated, now)}.`;
  if (status === "failed") return `Asked for on ${moment(created, now)}.`;
  return `Already under way, ${cost}. Asked for on ${moment(created, now)}.`;
}

/** 21 Nov, 14:03, by the reader's clock; with the year where it is another one than now. */
export function moment(milliseconds: number, now: number): string {
  const year = (at: number) => new Date(at).getFullYear();
  return new Date(milliseconds).toLocaleString("en-GB", {
    day: "numeric",
    month: "short",
    year: year(milliseconds) === year(now) ? undefined : "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
}

export function ended({ status }: TaskState): boolean {
  return status === "succeed" || status === "failed";
}

/** Milliseconds from creation to now, or to the end; never less than 0, whoever's clock is off. */
export function elapsed(state: TaskState, now: number): number {
  return Math.max(0, (ended(state) ? state.updated : now) - state.created);
}

/** 0:07, 12:05, 1:02:05. */
export function clock(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const head = minutes < 60 ? `${minutes}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}`;
  return `${head}:${two(seconds % 60)}`;
}

/** Why nothing is heard, since when, and that it is no reason to worry. */
export function lostWords({ lost, origin }: TaskState, now: number): string {
  if (!lost) return "";
  const quiet = now - lost.since;
  const time = quiet < 60_000 ? `${Math.max(0, Math.floor(quiet / 1000))} s` : `${clock(quiet)} min`;
  const what = lost.why ? `Trouble at ${origin} for ${time}: ${lost.why}.` : `No answer from ${origin} for ${time}.`;
  return `${what} The task goes on there; trying again.`;
}
