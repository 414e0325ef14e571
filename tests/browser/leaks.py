"""What views leave behind on a page once they are closed: counted by the page, and by Chromium after a collection."""

from __future__ import annotations

from playwright.sync_api import Page

# Counts what a page takes and gives back. To be run before anything else on it.
COUNTING = """() => {
  const live = globalThis.live = { blobs: new Set(), workers: 0, cards: [] };
  const { createObjectURL, revokeObjectURL } = URL;
  URL.createObjectURL = (thing) => {
    const address = createObjectURL(thing);
    live.blobs.add(address);
    return address;
  };
  URL.revokeObjectURL = (address) => { live.blobs.delete(address); revokeObjectURL(address); };
  globalThis.Worker = class extends Worker {
    constructor(...given) { super(...given); live.workers += 1; }
    terminate() { live.workers -= 1; super.terminate(); }
  };
  const { getContext } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    const context = getContext.call(this, kind, ...rest);
    if (/webgl/.test(kind) && context) live.cards.push(new WeakRef(context));
    return context;
  };
}"""

# Makes a model, opens a view, waits until it shows photo and paint, lets a few frames pass, closes both; so often.
CYCLES = """async (times) => {
  const frame = () => new Promise(requestAnimationFrame);
  const shown = () => document.querySelector(".kw-brush-stage img")?.src.startsWith("blob:");
  for (let time = 0; time < times; time++) {
    host.end.abort();
    host.open(host.traits);
    const close = host.show();
    while (!shown()) await frame();
    for (let more = 0; more < 6; more++) await frame();
    close();
    await frame();
  }
}"""

COUNT = """() => ({
  hearers: host.hearers(), blobs: live.blobs.size, workers: live.workers,
  cards: live.cards.filter((card) => card.deref() && !card.deref().isContextLost()).length,
  canvases: document.querySelectorAll("canvas").length,
})"""


def cycle(page: Page, times: int) -> dict[str, int]:
    """Opens and closes a view so often; what is alive on the page afterwards."""
    page.evaluate(CYCLES, times)
    # Inspecting keeps things alive: a session of its own each time.
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable")
    for _ in range(3):
        cdp.send("HeapProfiler.collectGarbage")
    metrics = {one["name"]: int(one["value"]) for one in cdp.send("Performance.getMetrics")["metrics"]}
    cdp.detach()
    browsers = {"nodes": "Nodes", "listeners": "JSEventListeners", "heap": "JSHeapUsedSize"}
    return {**page.evaluate(COUNT), **{ours: metrics[theirs] for ours, theirs in browsers.items()}}
