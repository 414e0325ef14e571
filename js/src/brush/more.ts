// The brush's second bundle (brush_more.ts), fetched from Python once a page: what one can do without in the first moment.

import shared from "virtual:shared";
import { signal as state } from "@preact/signals";
import type { BrushDocument } from "./document";

export type More = typeof import("../brush_more");
/** A bundle of its own has no Preact of its own: it is made with that of the widget it serves. */
type Maker = (runtime: typeof shared) => More;

/** Which build of it belongs to this one (build.mjs): a page may have seen an older kernel. */
declare const BUILD: string;

const MORE = Symbol.for("kling_widgets.more");
/** By drawing: the question of one whose views have closed is never answered. */
const asked = new WeakMap<BrushDocument, Promise<More>>();

/** What has come; null before. */
export const kit = state<More | null>(null);

/** Fetches it, once for all views of this widget. Rejects where Python is out of reach; then ask again. */
export function more(document: BrushDocument): Promise<More> {
  const here = kit.peek();
  if (here) return Promise.resolve(here);
  const before = asked.get(document);
  if (before) return before;
  const coming = fetched(document).then((make) => {
    kit.value ??= make(shared);
    return kit.value;
  });
  asked.set(document, coming);
  coming.catch(() => asked.delete(document));
  return coming;
}

async function fetched(document: BrushDocument): Promise<Maker> {
  const page = globalThis as { [MORE]?: Record<string, Maker> };
  const here = page[MORE]?.[BUILD];
  if (here) return here;
  const { bytes } = await document.ask("brush.more");
  const address = URL.createObjectURL(new Blob([bytes], { type: "text/javascript" }));
  try {
    const { default: make } = await import(address);
    page[MORE] = { ...page[MORE], [BUILD]: make };
    return make;
  } finally {
    URL.revokeObjectURL(address);
  }
}
