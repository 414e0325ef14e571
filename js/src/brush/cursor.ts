// The brush's circle under the pointer. As the browser's own cursor it costs nothing to move and is never late; an element that
// moves makes browsers paint the frame anew. Browsers take cursors of up to 128 pixels, so only larger circles are an element.
import { effect } from "@preact/signals";
import { toScreen } from "../paint/viewport";
import type { Desk } from "./desk";
import { kit } from "./more";
import { toolOf } from "./tools/all";

const LARGEST = 120;

/** Keeps stage and circle in step with the desk until the returned function is called. */
export function followCursor(stage: HTMLElement, circle: HTMLElement, desk: Desk): () => void {
  const across = () => Math.max(4, desk.size.value * desk.view.value.scale);
  const round = () => toolOf(desk.tool.value).round === true;
  const stops = [
    effect(() => {
      const cursor = across() <= LARGEST ? ring(across()) : "none";
      stage.style.setProperty("--kw-brush-cursor", round() ? cursor : "crosshair");
    }),
    effect(() => {
      // Not even looked at while the cursor is the browser's own, so that nothing moves.
      const shown = round() && across() > LARGEST;
      const hand = kit.value?.handOf(desk);
      const keys = hand?.at.value ?? null;
      const at = keys ?? (shown ? desk.pointer.value : null);
      circle.hidden = at === null;
      circle.classList.toggle("kw-brush-cross", keys !== null);
      circle.classList.toggle("kw-brush-down", hand?.down.value === true);
      if (at === null) return;
      const [x, y] = toScreen(desk.view.value, at);
      const size = round() ? across() : 0;
      circle.style.width = `${size}px`;
      circle.style.height = `${size}px`;
      circle.style.transform = `translate(${x - size / 2}px, ${y - size / 2}px)`;
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function ring(across: number): string {
  const side = Math.ceil(across) + 4;
  const circle = (radius: number, colour: string, width: number) =>
    `<circle cx="${side / 2}" cy="${side / 2}" r="${radius}" fill="none" stroke="${colour}" stroke-width="${width}"/>`;
  const inside = circle(across / 2, "black", 3) + circle(across / 2, "white", 1.5);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">${inside}</svg>`;
  const middle = Math.floor(side / 2);
  return `url("data:image/svg+xml,${encodeURIComponent(svg)}") ${middle} ${middle}, crosshair`;
}
