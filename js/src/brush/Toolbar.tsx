// Tools, undo and redo, zoom.
import { useComputed } from "@preact/signals";
import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "../ui/controls";
import { clear, fit, help, redo, undo, zoomIn, zoomOut } from "../ui/icons";
import { TOOLS } from "./tools/all";
import type { DeskProps } from "./tools/tool";
import { areaName } from "./words";

export function Toolbar({ desk }: DeskProps) {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => stopAt(bar.current, bar.current?.querySelector("button")), []);
  return (
    <div
      ref={bar}
      class="kw-brush-bar"
      role="toolbar"
      aria-label="Drawing tools"
      onKeyDown={step}
      onFocusIn={({ target }) => stopAt(bar.current, target)}
    >
      <Tools desk={desk} />
      <Steps desk={desk} />
      <Zoom desk={desk} />
    </div>
  );
}

/** One stop for Tab, on the way to the canvas. */
function stopAt(bar: HTMLElement | null, at: EventTarget | null | undefined) {
  for (const button of bar?.querySelectorAll("button") ?? []) button.tabIndex = button === at ? 0 : -1;
}

/** The arrow keys go from button to button. */
function step({ key, target, currentTarget }: TargetedKeyboardEvent<HTMLElement>) {
  const way = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
  const buttons = [...currentTarget.querySelectorAll<HTMLElement>("button:enabled")];
  if (way) buttons.at((buttons.indexOf(target as HTMLElement) + way) % buttons.length)?.focus();
}

function Tools({ desk }: DeskProps) {
  return (
    <div class="kw-brush-set">
      {TOOLS.map((tool) => {
        const idle = tool.idle?.(desk) ?? "";
        return (
          <Button
            key={tool.name}
            label={tool.label}
            icon={tool.icon}
            shortcut={idle || `${tool.key.toUpperCase()}; ${tool.hint.charAt(0).toLowerCase()}${tool.hint.slice(1)}`}
            pressed={desk.tool.value === tool.name}
            disabled={idle !== ""}
            onClick={() => desk.choose(tool.name)}
          />
        );
      })}
    </div>
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
      <Button
        label="Help"
        icon={help}
        shortcut="?"
        onClick={() => {
          desk.help.value = true;
        }}
      />
    </div>
  );
}
