// The preview: what the bar under the stage, the keys and the player (brush_more.ts) have in common.
import { effect, type Signal, signal as state } from "@preact/signals";
import { AREAS } from "../paint/plane";
import type { Desk } from "./desk";
import { more } from "./more";
import { perDesk } from "./tools/tool";

export interface Film {
  /** Off shows the drawing; paused and playing show the photo as it moves. */
  readonly shows: Signal<"off" | "paused" | "playing">;
  /** In seconds. */
  readonly time: Signal<number>;
  /** Counts the signs that it will be wanted: what is made ready early is there at once. */
  readonly soon: Signal<number>;
  readonly loop: Signal<boolean>;
  readonly speed: Signal<number>;
}

export const filmOf = perDesk<Film>(() => ({
  shows: state("off"),
  time: state(0),
  soon: state(0),
  loop: state(true),
  speed: state(1),
}));

/** Why there is nothing to play; empty where there is. */
export function idleness({ document }: Desk): string {
  document.version.value;
  const painting = document.painting.value;
  const ready = AREAS.some((area) => painting?.tally.count(area) && painting.paths.has(area));
  return ready ? "" : "Paint an area and draw its path first";
}

/** Plays, or pauses. */
export function toggle(desk: Desk): void {
  const { shows, time } = filmOf(desk);
  if (idleness(desk)) return;
  if (shows.value !== "playing" && time.value >= desk.duration.value) time.value = 0;
  shows.value = shows.value === "playing" ? "paused" : "playing";
}

/** Shows the drawing again. */
export function stop(desk: Desk): void {
  const { shows, time } = filmOf(desk);
  shows.value = "off";
  time.value = 0;
}

/** Plays on this stage until the signal fires. The player is fetched while the page has nothing else to do, else when it is asked for. */
export function playOn(stage: HTMLElement, desk: Desk, signal: AbortSignal): void {
  const { document } = desk;
  const film = filmOf(desk);
  let [early, playing] = [false, false];
  const end = effect(() => {
    if (document.painting.value && !early) {
      early = true;
      // In vain without a kernel; whoever plays is told.
      (globalThis.requestIdleCallback ?? setTimeout)(() => more(document).catch(() => {}));
    }
    if ((film.shows.value === "off" && !film.soon.value) || playing) return;
    playing = true;
    more(document)
      .then(({ play }) => play(stage, desk, film, () => stop(desk), signal))
      .catch((error) => {
        playing = false;
        // Nobody has asked for it yet.
        if (film.shows.value === "off") return;
        stop(desk);
        document.trouble.value = { words: `There is no preview yet. ${error.message}`, again: null };
      });
  });
  signal.addEventListener("abort", end);
}
