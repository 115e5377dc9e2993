"""A demo on a page of its own, without Jupyter: its module, its style, a model that behaves like anywidget's.

The state is the widget's own, as a browser would be sent it. What the reader changes stays in the page: the
list `window.saved` holds every message that would have gone to Python.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from ipywidgets import Widget
from ipywidgets.widgets.widget import _remove_buffers  # what the widget manager itself uses

DARK = {
    "--jp-content-font-color0": "#ffffff",
    "--jp-content-font-color2": "#a0a0a0",
    "--jp-layout-color0": "#111111",
    "--jp-border-color1": "#616161",
}

SHIM = """
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
function withBuffers({ state, paths, buffers }) {
  paths.forEach((path, index) => {
    const owner = path.slice(0, -1).reduce((part, key) => part[key], state);
    owner[path.at(-1)] = new DataView(bytes(buffers[index]).buffer);
  });
  return state;
}
class Model {
  constructor(state) {
    Object.assign(this, { state, listeners: new Map(), changed: {} });
    this.widget_manager = { get_model: async (id) => models[id] };
  }
  get = (name) => this.state[name];
  set = (name, value) => {
    const isSame = this.state[name] === value || JSON.stringify(this.state[name]) === JSON.stringify(value);
    this.state[name] = value;
    if (isSame && !(value?.data instanceof DataView)) return;
    this.changed[name] = value;
    this.trigger(`change:${name}`);
    this.trigger("change");
  };
  save_changes = () => {
    if (Object.keys(this.changed).length) saved.push(this.changed);
    this.changed = {};
  };
  on = (events, listener) => {
    for (const event of events.split(" ")) {
      this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
    }
  };
  off = (events, listener) => {
    for (const event of (events ?? [...this.listeners.keys()].join(" ")).split(" ")) {
      const kept = (this.listeners.get(event) ?? []).filter((one) => listener && one !== listener);
      this.listeners.set(event, kept);
    }
  };
  send = () => {};
  trigger = (event) => [...(this.listeners.get(event) ?? [])].forEach((listener) => listener());
}
window.saved = [];
const models = {};
for (const [id, sent] of Object.entries(SENT)) models[id] = new Model(withBuffers(sent));
window.model = models[SHOWN];
window.conventions = models[CONVENTIONS];
const url = URL.createObjectURL(new Blob([MODULE], { type: "text/javascript" }));
const widget = (await import(url)).default;
const style = document.createElement("style");
style.textContent = STYLE;
document.head.append(style);
await widget.initialize?.({ model: window.model });
window.cleanup = await widget.render({ model: window.model, el: document.getElementById("host") });
window.again = async () => {
  const host = document.createElement("div");
  document.body.append(host);
  return widget.render({ model: window.model, el: host });
};
window.root = document.querySelector("#host > *");
document.body.dataset.ready = "true";
"""


def page_html(widget: Any, *, dark: bool = False) -> str:
    """Return a page that shows `widget`; the attribute data-ready of its body says when it is there."""
    conventions = getattr(widget, "conventions", widget)
    constants = {
        "SENT": {one.model_id: _sent(one) for one in (widget, conventions)},
        "SHOWN": widget.model_id,
        "CONVENTIONS": conventions.model_id,
        "MODULE": str(widget._esm),
        "STYLE": str(widget._css),
    }
    lines = [f"const {name} = {json.dumps(value)};" for name, value in constants.items()]
    script = "\n".join([*lines, SHIM]).replace("</", "<\\/")
    variables = ";".join(f"{name}:{value}" for name, value in DARK.items()) if dark else ""
    paper = "#111111" if dark else "#ffffff"
    light = str(not dark).lower()
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>demo</title></head>"
        f"<body data-jp-theme-light='{light}' style='margin:0;background:{paper};{variables}'>"
        f"<div id='host'></div><script type='module'>{script}</script></body></html>"
    )


def _sent(widget: Widget) -> dict[str, Any]:
    """The state as it travels: JSON, and beside it the places and bytes of the arrays."""
    state, paths, buffers = _remove_buffers(widget.get_state())
    texts = [base64.b64encode(memoryview(buffer)).decode("ascii") for buffer in buffers]
    return {"state": state, "paths": paths, "buffers": texts}
