// Whether a view may have a graphics card to show its paint, and for how long.
import type { Screen } from "../brush/screen";
import { GlScreen } from "./gl_screen";

/** Browsers take the oldest context away from about the 16th of a page on; other people's widgets want some too. */
const MOST = 4;

/** Cards that are programs: the processor draws better by itself. Not every browser counts them as a caveat. */
const PROGRAMS = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** A page's wish, for tests: "always" takes a program too, "never" takes none. Also where a page keeps that it has none. */
const WISH = Symbol.for("kling_widgets.gl");
const TAKEN = Symbol.for("kling_widgets.gl.taken");

/** Shows paint by the graphics card, where that is a gain, until the signal fires. With null it goes back to the processor. */
export function accelerate(
  layer: HTMLElement,
  signal: AbortSignal,
  change: (open: (() => Screen) | null) => void,
): void {
  if (signal.aborted) return;
  const card = new AbortController();
  signal.addEventListener("abort", () => card.abort(), { signal: card.signal });
  const gl = graphicsCard(card.signal);
  if (gl === null) return;
  const back = () => {
    card.abort();
    if (!signal.aborted) change(null);
  };
  try {
    change(() => new GlScreen(gl, layer, back));
  } catch {
    back();
  }
}

/** A context of the page's graphics card until the signal fires. Null where there is none, or where it would be no gain. */
function graphicsCard(signal: AbortSignal): WebGL2RenderingContext | null {
  const page = globalThis as { [WISH]?: string; [TAKEN]?: number };
  const taken = page[TAKEN] ?? 0;
  if (page[WISH] === "never" || taken >= MOST) return null;
  const always = page[WISH] === "always";
  const gl = document.createElement("canvas").getContext("webgl2", {
    antialias: false,
    depth: false,
    failIfMajorPerformanceCaveat: !always,
  });
  const good = gl && (always || !PROGRAMS.test(cardOf(gl)));
  if (gl && good) {
    page[TAKEN] = taken + 1;
    signal.addEventListener("abort", () => {
      page[TAKEN] = (page[TAKEN] ?? 1) - 1;
      lose(gl);
    });
    return gl;
  }
  page[WISH] = "never";
  if (gl) lose(gl);
  return null;
}

function cardOf(gl: WebGL2RenderingContext): string {
  const names = gl.getExtension("WEBGL_debug_renderer_info");
  return String(gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
}

/** Not left to the garbage collector, which is in no hurry. */
function lose(gl: WebGL2RenderingContext): void {
  gl.getExtension("WEBGL_lose_context")?.loseContext();
}
