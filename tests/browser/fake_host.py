"""A bare page that plays a notebook host: the real bundle on one side, the real Python half on the other, no kernel.

Messages cross as JSON and base64, so that nothing is shared by accident. The page counts what crosses.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page, Route

from kling_widgets.widgets.base import STATIC, KlingWidget

ORIGIN = "http://localhost:1/"  # never reached: every request is answered here; localhost counts as secure

PAGE = """<!doctype html><meta charset="utf-8"><title>A host</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="sheet.css">
<style>
  body { margin: 0; padding: 16px; font: 13px system-ui; background: var(--jp-layout-color1, white); }
  body.dark { --jp-ui-font-color1: #e0e0e0; --jp-ui-font-color2: #a8a8a8; --jp-border-color2: #424242;
    --jp-layout-color1: #111111; --jp-layout-color2: #2a2a2a; --jp-brand-color1: #64b5f6; color-scheme: dark; }
</style><body><script type="module" src="host.js"></script>"""

HOST = """
import widget from "./widget.js";

const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const textOf = (buffer) => {
  const bytes = new Uint8Array(buffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
};

const hearers = new Set();
const host = {
  traits: {}, sent: [], waiting: 0, gone: false,
  // Which kernel this is by number; models of an earlier one cannot send. `drops` loses a message as a socket does.
  life: 0, drops: () => false,
  hear(message, buffers) {
    const views = buffers.map((text) => new DataView(bytesOf(text).buffer));
    for (const hear of [...hearers]) hear(message, views);
  },
  // As anywidget does: each view gets an object of its own.
  model: (life = host.life, traits = host.traits) => ({
    get: (name) => traits[name],
    set: (name, value) => { traits[name] = value; },
    save_changes() {},
    on: (name, hear) => { if (name === "msg:custom") hearers.add(hear); },
    off: (name, hear) => { hearers.delete(hear); },
    send(message, _, buffers = []) {
      if (host.gone || life !== host.life) throw new Error("Cannot send");
      const size = buffers.reduce((sum, buffer) => sum + buffer.byteLength, JSON.stringify(message).length);
      host.sent.push({ kind: message.ask, size });
      if (host.drops(message)) return;
      host.waiting += 1;
      kernel(message, buffers.map(textOf)).then((answers) => {
        host.waiting -= 1;
        for (const [answer, parts] of answers) host.hear(answer, parts);
      });
    },
  }),
  hearers: () => hearers.size,
  open(traits) {
    host.traits = traits;
    host.end = new AbortController();
    return widget.initialize?.({ model: host.model(), signal: host.end.signal });
  },
  show() {
    const end = new AbortController();
    const el = document.createElement("div");
    el.className = "output";
    document.body.append(el);
    widget.render({ model: host.model(), el, signal: end.signal });
    return () => { end.abort(); el.remove(); };
  },
};
globalThis.host = host;
"""


class FakeHost:
    """`show()` opens a view; `tell()` carries to the page what Python said by itself."""

    def __init__(self, page: Page, widget: KlingWidget, bundle: str) -> None:
        self.page = page
        self.widget = widget
        self.complaints: list[str] = []
        self._said: list[tuple[dict[str, Any], list[str]]] = []
        files = {
            "": ("text/html", PAGE),
            "host.js": ("text/javascript", HOST),
            "widget.js": ("text/javascript", (STATIC / f"{bundle}.js").read_text("utf-8")),
            "sheet.css": ("text/css", (STATIC / f"{bundle}.css").read_text("utf-8")),
        }

        def answer(route: Route) -> None:
            kind, text = files[route.request.url.removeprefix(ORIGIN)]
            route.fulfill(body=text, content_type=f"{kind}; charset=utf-8")

        widget.send = self._keep
        page.route("**/*", answer)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        page.expose_function("kernel", self._kernel)
        self.load()

    def load(self) -> None:
        """Opens the page, as at first or as a person reloads it."""
        self.page.goto(ORIGIN)
        self.page.wait_for_function("globalThis.host")
        self._open()

    def restart(self, widget: KlingWidget) -> None:
        """The kernel ended and another began, in which the cell made this widget; what is on the page stays."""
        self.page.evaluate("host.life += 1")
        self.widget = widget
        widget.send = self._keep
        self._said.clear()
        self._open()

    def _open(self) -> None:
        state = self.widget.get_state().items()
        traits = {name: value for name, value in state if isinstance(value, str | int | bool)}
        self.page.evaluate(
            "(traits) => host.open(traits)", {k: v for k, v in traits.items() if k not in ("_esm", "_css")}
        )

    def show(self) -> None:
        self.page.evaluate("() => { globalThis.close = host.show(); }")

    def tell(self) -> None:
        said, self._said = self._said, []
        self.page.evaluate("(said) => { for (const [message, parts] of said) host.hear(message, parts); }", said)

    def sent(self, kind: str) -> list[int]:
        """Sizes in bytes of the messages of that kind that left the page."""
        sizes: list[int] = self.page.evaluate(
            "(kind) => host.sent.filter((one) => one.kind === kind).map((one) => one.size)", kind
        )
        return sizes

    def _keep(self, message: dict[str, Any], buffers: Sequence[Any] = ()) -> None:
        self._said.append((message, [base64.b64encode(bytes(buffer)).decode() for buffer in buffers]))

    def _kernel(self, message: dict[str, Any], buffers: list[str]) -> list[tuple[dict[str, Any], list[str]]]:
        self.widget._hear(None, message, [memoryview(base64.b64decode(text)) for text in buffers])
        said, self._said = self._said, []
        return said
