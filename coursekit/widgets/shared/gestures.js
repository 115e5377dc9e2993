// What the pointer does: following it and dragging, the same for mouse, pen and finger.
// Points are [y, x] in CSS pixels from the upper left corner of the element.

/** Where the pointer is in an element. Slides may show it enlarged or smaller: the point is in its own pixels. */
export function pointOf(element, event) {
  const box = element.getBoundingClientRect();
  const isEnlarged = Math.abs(box.width - element.offsetWidth) >= 1; // offsetWidth is rounded
  const scale = (isEnlarged && box.width / element.offsetWidth) || 1;
  return [(event.clientY - box.top) / scale, (event.clientX - box.left) / scale];
}

/** Follow the pointer: a mouse by hovering, a finger or pen by dragging. `onLeave` when it is gone. */
export function follow(view, element, onPoint, { onLeave } = {}) {
  element.classList.add("ck-scrub");
  const go = (event) => {
    if (event.pointerType === "touch" && !event.buttons) return;
    onPoint(pointOf(element, event), event);
  };
  view.on(element, "pointermove", go);
  view.on(element, "pointerdown", (event) => {
    if (event.pointerType === "touch") element.setPointerCapture(event.pointerId);
    go(event);
  });
  if (onLeave) view.on(element, "pointerleave", onLeave);
}

/** Drag something: `start(point, event)` says by true whether there is something to drag there. */
export function drag(view, element, { start, move, end = () => {} }) {
  element.classList.add("ck-scrub");
  let dragging = null;
  view.on(element, "pointerdown", (event) => {
    if (event.button !== 0 || dragging !== null || !start(pointOf(element, event), event)) return;
    dragging = event.pointerId;
    element.setPointerCapture(event.pointerId);
  });
  view.on(element, "pointermove", (event) => {
    if (event.pointerId === dragging) move(pointOf(element, event), event);
  });
  const stop = (event) => {
    if (event.pointerId !== dragging) return;
    dragging = null;
    end(event);
  };
  for (const event of ["pointerup", "pointercancel"]) view.on(element, event, stop);
}
