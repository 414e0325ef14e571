// Tools, brush size, undo and redo, zoom.
import { useComputed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { STATIC } from "../paint/plane";
import { Button } from "../ui/controls";
import { brush, clear, eraser, fill, fit, pan, path, redo, undo, zoomIn, zoomOut } from "../ui/icons";
import type { Desk, Tool } from "./desk";
import { areaName } from "./words";

interface DeskProps {
  desk: Desk;
}

const TOOLS: readonly { tool: Tool; label: string; shortcut: string; icon: ComponentChildren }[] = [
  {
    tool: "brush",
    label: "Brush",
    shortcut: "B; the right button erases, Shift and a click draws a line",
    icon: brush,
  },
  { tool: "eraser", label: "Eraser", shortcut: "E", icon: eraser },
  { tool: "path", label: "Path", shortcut: "P; with Shift a straight one", icon: path },
  { tool: "fill", label: "Fill", shortcut: "F; fills what an outline encloses", icon: fill },
  { tool: "pan", label: "Pan", shortcut: "H, or hold Space", icon: pan },
];

export function Toolbar({ desk }: DeskProps) {
  return (
    <div class="kw-brush-bar" role="toolbar" aria-label="Drawing tools">
      <Tools desk={desk} />
      <SizeSlider desk={desk} />
      <Steps desk={desk} />
      <Zoom desk={desk} />
    </div>
  );
}

function Tools({ desk }: DeskProps) {
  const still = desk.area.value === STATIC;
  return (
    <div class="kw-brush-set">
      {TOOLS.map(({ tool, label, shortcut, icon }) => {
        const idle = tool === "path" && still;
        return (
          <Button
            key={tool}
            label={label}
            icon={icon}
            shortcut={idle ? "the static area stays still, so it has no path: choose an area first" : shortcut}
            pressed={desk.tool.value === tool}
            disabled={idle}
            onClick={() => desk.choose(tool)}
          />
        );
      })}
    </div>
  );
}

function SizeSlider({ desk }: DeskProps) {
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

function Steps({ desk }: DeskProps) {
  const { document } = desk;
  document.version.value;
  const painting = document.painting.value;
  const area = desk.area.value;
  return (
    <div class="kw-brush-set">
      <Button
        label="Undo"
        icon={undo}
        shortcut="Ctrl+Z"
        disabled={!painting?.history.canUndo}
        onClick={() => document.undo()}
      />
      <Button
        label="Redo"
        icon={redo}
        shortcut="Ctrl+Shift+Z"
        disabled={!painting?.history.canRedo}
        onClick={() => document.redo()}
      />
      <Button
        label="Clear"
        icon={clear}
        shortcut={`Delete: ${areaName(area)} and its path; with Shift everything`}
        disabled={!painting || painting.empty}
        onClick={(event) => (event.shiftKey ? desk.clearAll() : desk.clear())}
      />
    </div>
  );
}

function Zoom({ desk }: DeskProps) {
  const share = useComputed(() => `${Math.round(desk.view.value.scale * 100)} %`);
  return (
    <div class="kw-brush-set kw-brush-zoom">
      <Button
        label="Zoom out"
        icon={zoomOut}
        shortcut="−"
        disabled={desk.fitted.value}
        onClick={() => desk.zoom(0.8)}
      />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a short cut for what the button beside it does */}
      <span class="kw-number kw-soft kw-brush-share" title="Double-click: zoom to fit" onDblClick={() => desk.fit()}>
        {share}
      </span>
      <Button label="Zoom in" icon={zoomIn} shortcut="+, or Ctrl and the wheel" onClick={() => desk.zoom(1.25)} />
      <Button label="Zoom to fit" icon={fit} shortcut="Home" disabled={desk.fitted.value} onClick={() => desk.fit()} />
    </div>
  );
}
