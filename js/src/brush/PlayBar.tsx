// The preview's own row: play and pause, where in the film one is, again and again or once, how fast.
import { Button } from "../ui/controls";
import { again, pause, play } from "../ui/icons";
import { filmOf, idleness, toggle } from "./play";
import type { DeskProps } from "./tools/tool";

const SPEEDS = [0.25, 0.5, 1, 2];

export function PlayBar({ desk }: DeskProps) {
  const { shows, soon, loop, speed } = filmOf(desk);
  const idle = idleness(desk);
  const playing = shows.value === "playing";
  return (
    <div
      class="kw-brush-play"
      onPointerEnter={() => {
        soon.value += 1;
      }}
    >
      <Button
        label={playing ? "Pause preview" : "Play preview"}
        icon={playing ? pause : play}
        shortcut={idle || "K"}
        disabled={idle !== ""}
        onClick={() => toggle(desk)}
      />
      <Scrubber desk={desk} />
      <Button
        label="Loop"
        icon={again}
        pressed={loop.value}
        onClick={() => {
          loop.value = !loop.value;
        }}
      />
      <select
        class="kw-field kw-small"
        aria-label="Preview speed"
        value={speed.value}
        onChange={({ currentTarget }) => {
          speed.value = Number(currentTarget.value);
        }}
      >
        {SPEEDS.map((times) => (
          <option key={times} value={times}>
            {times}×
          </option>
        ))}
      </select>
    </div>
  );
}

/** A component of its own: while it plays, this alone is drawn anew at every frame. */
function Scrubber({ desk }: DeskProps) {
  const { shows, time } = filmOf(desk);
  const whole = desk.duration.value;
  const now = time.value.toFixed(1);
  return (
    <>
      <input
        type="range"
        aria-label="Preview time"
        aria-valuetext={`${now} of ${whole.toFixed(1)} s`}
        max={whole}
        step="any"
        value={time.value}
        disabled={idleness(desk) !== ""}
        onInput={({ currentTarget }) => {
          // Who seeks wants to look.
          shows.value = "paused";
          time.value = currentTarget.valueAsNumber;
        }}
      />
      <span class="kw-number kw-soft">{now} s</span>
    </>
  );
}
