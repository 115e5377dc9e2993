// The keys that mean the same in every demo.

/** One step for each arrow key, as [rows, columns]. */
export const ARROWS = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};
