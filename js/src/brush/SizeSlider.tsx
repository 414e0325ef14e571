// The brush's diameter.
import type { DeskProps } from "./tools/tool";

export function SizeSlider({ desk }: DeskProps) {
  return (
    <label class="kw-brush-size" title="Brush size in pixels of the photo ([ and ])">
      <input
        type="range"
        aria-label="Brush size"
        aria-valuetext={`${desk.size.value} pixels`}
        min={1}
        max={desk.largest.value}
        value={desk.size.value}
        onInput={(event) => desk.resize(event.currentTarget.valueAsNumber)}
      />
      <span class="kw-number kw-soft">{desk.size.value} px</span>
    </label>
  );
}
