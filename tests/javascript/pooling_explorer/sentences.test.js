import { describe, expect, test } from "vitest";
import * as scenes from "../../../coursekit/widgets/pooling_explorer/scene.js";
import * as js from "../../../coursekit/widgets/pooling_explorer/sentences.js";
import { asMaps } from "../../../coursekit/widgets/pooling_explorer/pooling.js";

const asMessage = (rows) => {
  const data = Float64Array.from(rows.flat(Infinity));
  const shape = [];
  for (let list = rows; Array.isArray(list); list = list[0]) shape.push(list.length);
  return { shape, data: new DataView(data.buffer) };
};

/** The numbers of a model with these traits, as the view computes them. */
function computed(image, { rounding = "floor", ties = "first", ...traits } = {}) {
  const values = {
    image: asMessage(image),
    gradient: asMessage([[1]]),
    size: 2,
    stride: null,
    padding: 0,
    mode: "max",
    groups: 1,
    count_padding: true,
    channel: 0,
    ...traits,
  };
  const get = (name) => values[name];
  return scenes.computeMaps({ get }, { get: (name) => ({ rounding, ties })[name] });
}

const IMAGE = [
  [1, 3, 0],
  [2, 3, -1],
  [0, 1, 5],
];

describe("a window", () => {
  test("of max pooling is written with its winners", () => {
    const { before, terms, between, after, result } = js.writtenWindow(computed(IMAGE), [0, 0], false);
    const written = terms.map(({ text }) => text).join(between);
    expect([before, written, after, result]).toEqual(["max(", "1, 3, 2, 3", ")", "= 3"]);
    expect(terms.map(({ wins }) => wins)).toEqual([false, true, false, true]);
  });

  test("of many pixels is shortened around its winner", () => {
    const image = [Array.from({ length: 20 }, (_, index) => (index === 9 ? 7 : 1))];
    const { terms, between } = js.writtenWindow(computed(image, { size: [1, 20] }), [0, 0], false);
    expect(terms.map((term) => term?.text ?? "…").join(between)).toBe("1, 1, 1, 1, …, 7, …, 1, 1");
  });

  test("that is to be predicted shows all its pixels: the answer must be among what is seen", () => {
    const image = [Array.from({ length: 20 }, (_, index) => (index === 9 ? 7 : 1))];
    const { terms } = js.writtenWindow(computed(image, { size: [1, 20] }), [0, 0], true);
    expect(terms.map(({ text }) => Number(text))).toEqual(image[0]);
  });

  test("that is to be predicted tells neither its number nor its winner", () => {
    const { terms, result } = js.writtenWindow(computed(IMAGE), [0, 0], true);
    expect(result).toBe("= ?");
    expect(terms.some(({ wins }) => wins)).toBe(false);
  });

  test.each([
    [true, " + 3 × 0) / 4", "= 0.25"],
    [false, ") / 1", "= 1"],
  ])("of average pooling counts the padding (%s) as said", (counts, after, result) => {
    const scene = computed(IMAGE, { mode: "average", padding: 1, count_padding: counts });
    expect(js.writtenWindow(scene, [0, 0], false)).toMatchObject({ before: "(", after, result });
  });

  test("puts a negative summand in parentheses, and says where digits are left out", () => {
    const scene = computed([[1, -2, 0]], { mode: "average", size: [1, 3] });
    const { terms, between, result } = js.writtenWindow(scene, [0, 0], false);
    expect(`${terms.map(({ text }) => text).join(between)} ${result}`).toBe("1 + (−2) + 0 ≈ −0.33");
  });
});

describe("the gradient of a window", () => {
  test("of a tie goes to the first, or to all", () => {
    expect(js.gradientWords(computed(IMAGE), [0, 0])).toBe(
      "Back: gradient 1 → row 0, column 1. " +
        "2 maxima, at (0, 1), (1, 1): the first gets it, the others nothing.",
    );
    expect(js.gradientWords(computed(IMAGE, { ties: "all" }), [0, 0])).toBe(
      "Back: gradient 1. 2 maxima, at (0, 1), (1, 1): all get it, so 2 × 1 = 2 flows back.",
    );
  });

  test("is added where windows overlap, and the sum is written", () => {
    const scene = computed([[0, 9, 1]], { size: [1, 2], stride: 1, gradient: asMessage([[0.5, 1]]) });
    expect(js.gradientWords(scene, [0, 1])).toBe(
      "Back: gradient 1 → row 0, column 1, where 2 windows add up: 0.5 + 1 = 1.5.",
    );
  });

  test("of an average is shared by all its pixels", () => {
    expect(js.gradientWords(computed(IMAGE, { mode: "average" }), [0, 0])).toBe(
      "Back: each of 4 pixels gets 1 / 4 = 0.25.",
    );
  });

  test("of maxout goes to a channel", () => {
    const scene = computed([[[1]], [[4]]], { mode: "maxout" });
    expect(js.gradientWords(scene, [0, 0])).toBe("Back: gradient 1 → channel 1.");
  });
});

describe("a pixel", () => {
  const words = (scene, pixel) => {
    const { reading, collected } = js.pixelStory(scene, { pixel, piece: 0 }, false);
    return `${reading} ${collected}`;
  };
  const overlapping = computed(IMAGE, { stride: 1 });

  test("that wins in several windows collects their sum", () => {
    expect(words(overlapping, [1, 1])).toBe(
      "Row 1, column 1 holds 3. 4 windows read it: output at (0, 0), (0, 1), (1, 0), (1, 1). " +
        "It wins in 1 window: gradient 1",
    );
    expect(words(computed([[0, 9, 1]], { size: [1, 2], stride: 1 }), [0, 1])).toContain(
      "It wins in 2 windows: the gradients add up, 1 + 1 = 2",
    );
  });

  test.each([
    [[0, 0], "It is the maximum of none: its gradient is 0."],
    [[2, 2], "It wins in 1 window: gradient 1"],
  ])("%j says what it gets", (pixel, collected) => {
    expect(words(overlapping, pixel)).toContain(collected);
  });

  test("that ties but stands behind gets nothing, also where the arriving gradient is zero", () => {
    const scene = computed([[5, 5]], { size: [1, 2] });
    expect(words(scene, [0, 1])).toContain("another maximum comes first");
    const silent = computed([[5, 5]], { size: [1, 2], gradient: asMessage([[0]]) });
    expect(words(silent, [0, 0])).toContain("It wins in 1 window: gradient 0");
  });

  test("that no window reads says so, and what is to be predicted is kept back", () => {
    expect(words(computed(IMAGE), [2, 2])).toBe(
      "Row 2, column 2 holds 5. No window reads it. Its gradient is 0.",
    );
    expect(js.pixelStory(overlapping, { pixel: [1, 1], piece: 0 }, true).collected).toBe("");
  });
});

test.each([
  ["floor", "Output rows ⌊(3 + 2·0 − 2) / 2⌋ + 1 = 1, columns ⌊(3 + 2·0 − 2) / 2⌋ + 1 = 1."],
  ["ceil", "Output rows ⌈(3 + 2·0 − 2) / 2⌉ + 1 = 2, columns ⌈(3 + 2·0 − 2) / 2⌉ + 1 = 2."],
])("the size is written with the convention %s", (rounding, words) => {
  expect(js.sizeWords(computed(IMAGE, { rounding }).place)).toBe(words);
});

test("a window that would start in the far padding is taken off in words", () => {
  const window = { size: [1, 4], stride: [1, 3], padding: [0, 2], rounding: "ceil" };
  const { place } = computed([[1, 2, 3, 4, 5, 6, 7]], window);
  expect(place.output).toEqual([1, 3]);
  expect(js.sizeWords(place)).toContain("/ 3⌉ + 1 − 1 (it would start in the padding) = 3");
});

test("edges are named: what is never read, what hangs over, what the padding holds", () => {
  expect(js.edgeWords(computed(IMAGE))).toBe(
    "Row 2 and column 2 are read by no window (hatched): gradient 0.",
  );
  expect(js.edgeWords(computed(IMAGE, { rounding: "ceil" }))).toContain("hangs over the far end");
  expect(js.edgeWords(computed(IMAGE, { padding: 1 }))).toContain("holds −∞ and never wins");
  expect(js.edgeWords(computed([[1, 2, 3]], { size: [1, 2] }))).toBe(
    "Column 2 is read by no window (hatched): gradient 0.",
  );
});

test("pooling learns nothing, and a shift tells how much it changed", () => {
  expect(js.factWords(computed(IMAGE))).toBe(
    "Max pooling has 0 parameters: it learns nothing. It makes 1 number out of 9.",
  );
  const before = computed([[1, 9, 9, 1]], { size: [1, 2] });
  const moved = asMaps({ shape: [1, 4], data: Float64Array.from([1, 1, 9, 9]) });
  const changed = scenes.whatChanged(before, moved);
  expect(changed).toEqual({ pixels: 4, changedPixels: 2, outputs: 2, changedOutputs: 1 });
  expect(js.shiftWords({ direction: "right", ...changed })).toBe(
    "Shifted right by 1 (what leaves comes back on the other side): " +
      "2 of 4 pixels and 1 of 2 outputs changed. Pooling is not invariant to shifts: see EquivarianceMeter.",
  );
});

describe("the layout", () => {
  const room = (rows, columns) => ({ cells: [rows, columns], planes: [1, 1] });
  const rooms = { input: room(6, 7), output: room(3, 3), sent: room(3, 3), back: room(6, 7) };

  test("fits the four panels into the width, in one row or two", () => {
    const [wide, narrow] = [1264, 464].map((width) => scenes.arrange(width, rooms));
    expect(wide).toEqual({ cell: 44, stacked: false, isPicture: false });
    expect(narrow).toMatchObject({ stacked: true, isPicture: false });
    const pair = (one, other) =>
      [one, other].reduce((sum, name) => sum + scenes.panelWidth(rooms[name], narrow.cell, true), 0);
    expect(pair("input", "output")).toBeLessThanOrEqual(464);
  });

  test("never shrinks the cells to make room for headings: it stands in two rows instead", () => {
    for (const width of [820, 900, 951]) {
      expect(scenes.arrange(width, rooms)).toMatchObject({ stacked: true, isPicture: false });
    }
    expect(scenes.arrange(952, rooms)).toMatchObject({ stacked: false, isPicture: false });
  });

  test("draws large maps as pictures, however large they are", () => {
    const large = {
      input: room(512, 512),
      output: room(256, 256),
      sent: room(256, 256),
      back: room(512, 512),
    };
    expect(scenes.arrange(1264, large)).toEqual({ cell: 0.5, stacked: false, isPicture: true });
  });
});
