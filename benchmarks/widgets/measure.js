// In the page: when a key or a pointer came, and when the pixels that answer it could be seen.
// A canvas counts as painted when something is drawn on it, a picture when it has been loaded. What is painted
// is seen at the earliest when the next frame begins: that moment is taken. With `inWords` a change of the
// page's text or boxes counts too: a demo that draws without a canvas.
(() => {
  const probe = { keyed: 0, painted: false, delays: [], inWords: false };
  // While dragging: frames with new pixels, and frames for which the mouse had moved.
  Object.assign(probe, { isCounting: false, moved: false, frames: 0, asked: 0 });
  window.probe = probe;
  const paint = () => (probe.painted = true);
  const drawing = CanvasRenderingContext2D.prototype;
  for (const name of ["fillRect", "drawImage", "putImageData", "clearRect", "stroke", "fill", "fillText"]) {
    const original = drawing[name];
    drawing[name] = function (...values) {
      if (this.canvas.isConnected) paint();
      return original.apply(this, values);
    };
  }
  new MutationObserver(() => probe.inWords && paint()).observe(document.querySelector(".jp-Notebook"), {
    attributes: true,
    characterData: true,
    childList: true,
    subtree: true,
  });
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        for (const image of node.querySelectorAll?.("img") ?? []) {
          image.complete ? paint() : image.addEventListener("load", paint, { once: true });
        }
      }
    }
  }).observe(document.body, { childList: true, subtree: true });
  window.addEventListener("keydown", (event) => (probe.keyed = event.timeStamp), { capture: true });
  window.addEventListener("pointermove", () => (probe.moved = true), { capture: true });
  // This callback asks for the next frame before any other does, so it is the first in each: what is painted
  // between two of its calls belongs to the earlier frame, which is on the screen when the later one begins.
  const frame = (now) => {
    requestAnimationFrame(frame);
    if (probe.isCounting && probe.moved) probe.asked += 1;
    probe.moved = false;
    if (!probe.painted) return;
    probe.painted = false;
    if (probe.keyed) probe.delays.push(now - probe.keyed);
    probe.keyed = 0;
    if (probe.isCounting) probe.frames += 1;
  };
  requestAnimationFrame(frame);
})();
