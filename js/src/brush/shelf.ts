// One drawing for all views of a widget, wherever on the page they are.
import type { AnyModel } from "@anywidget/types";
import { BrushDocument } from "./document";

interface Shelved {
  document: BrushDocument;
  holders: number;
  end: AbortController;
}

/** Every widget's bundle is a module of its own, so what a page shares hangs on the page. */
const SHELF = Symbol.for("kling_widgets.brush");

/** The document of a model: the same one for each of its views, until the last signal that asked for it has fired. */
// biome-ignore lint/suspicious/noExplicitAny: see BrushDocument
export function documentOf(model: AnyModel<any>, signal: AbortSignal): BrushDocument {
  const page = globalThis as { [SHELF]?: Map<string, Shelved> };
  page[SHELF] ??= new Map();
  const shelf = page[SHELF];
  // Hosts hand each view a model object of its own, so the model is known by a name that Python gave it.
  const name = String(model.get("_brush_id"));
  let shelved = shelf.get(name);
  if (shelved === undefined) {
    const end = new AbortController();
    shelved = { document: new BrushDocument(model, end.signal), holders: 0, end };
    shelf.set(name, shelved);
  }
  const held = shelved;
  held.holders += 1;
  signal.addEventListener("abort", () => {
    held.holders -= 1;
    if (held.holders > 0) return;
    held.end.abort();
    if (shelf.get(name) === held) shelf.delete(name);
  });
  return held.document;
}
