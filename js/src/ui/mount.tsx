// The edge between a host and our components: mounts a tree, keeps the host's keys away, ends with the view.
import type { AnyModel } from "@anywidget/types";
import { type ComponentChild, render } from "preact";

interface View {
  // biome-ignore lint/suspicious/noExplicitAny: every widget has its own model type
  model: AnyModel<any>;
  el: HTMLElement;
  /** Absent in hosts older than anywidget 0.11. */
  signal?: AbortSignal;
}

const OURS = "data-lm-suppress-shortcuts";

/** Draws `tree(signal)` into the view; everything that the tree starts should end with that signal. */
export function mount({ model, el, signal: host }: View, tree: (signal: AbortSignal) => ComponentChild): () => void {
  const own = new AbortController();
  const signal = host ? AbortSignal.any([host, own.signal]) : own.signal;
  const root = document.createElement("div");
  root.className = "kw";
  // Lumino hears keys at the document, before us, and passes over an element that is marked. Saving stays the host's.
  const claim = (event: KeyboardEvent) => {
    const at = event.target;
    if (!(at instanceof Element) || !root.contains(at)) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") at.removeAttribute(OURS);
    else at.setAttribute(OURS, "true");
  };
  window.addEventListener("keydown", claim, { capture: true, signal });
  el.append(root);
  hideStill(model, signal);
  render(tree(signal), root);
  const end = () => {
    render(null, root);
    root.remove();
    own.abort();
  };
  host?.addEventListener("abort", end, { once: true });
  return end;
}

/** The picture that stands in for a widget without a kernel (widgets/still.py) gives way to the live one. */
function hideStill(model: View["model"], signal: AbortSignal): void {
  const sheet = document.createElement("style");
  const update = () => {
    // Important, since Lab's own rule for pictures in HTML is more specific than a class.
    const name: unknown = model.get("_still");
    sheet.textContent = typeof name === "string" && name ? `.${CSS.escape(name)} { display: none !important; }` : "";
  };
  update();
  model.on("change:_still", update);
  document.head.append(sheet);
  signal.addEventListener("abort", () => {
    model.off("change:_still", update);
    sheet.remove();
  });
}
