import { describe, expect, test } from "vitest";
import * as js from "../../../coursekit/widgets/pooling_explorer/pooling.js";
import { casesOf } from "../cases.js";

const cases = casesOf("pooling_explorer");

/** Nested lists as maps (C, H, W). */
function mapsOf(lists) {
  const shape = [];
  for (let list = lists; Array.isArray(list); list = list[0]) shape.push(list.length);
  return js.asMaps({ shape, data: Float64Array.from([lists].flat(Infinity)) });
}

function placeOf(row, mode) {
  const { count_padding: countPadding, ...window } = row.window ?? {};
  const maps = mapsOf(row.image);
  const place = js.poolGeometry(maps.shape, {
    mode,
    size: 1,
    padding: 0,
    groups: row.groups,
    ...window,
    countPadding,
  });
  return { maps, place };
}

/** All channels of the output, one after the other. */
function pooled(maps, place) {
  return Array.from({ length: place.outputMaps[0] }, (_, channel) => js.pool(maps, place, channel));
}

/** The gradient of all channels together: each is zero where its windows do not read. */
function backOf(maps, place, gradient, ties) {
  const sent = [gradient].flat(Infinity);
  const size = place.output[0] * place.output[1];
  const whole = new Float64Array(maps.data.length);
  for (let channel = 0; channel < place.outputMaps[0]; channel++) {
    const part = sent.slice(channel * size, (channel + 1) * size);
    js.poolGradient(maps, place, channel, part, ties).data.forEach((value, index) => (whole[index] += value));
  }
  return [...whole];
}

const flat = (lists) => [lists].flat(Infinity);
const named = (rows) =>
  rows.map((row) => [`${JSON.stringify(row.window ?? row.groups)} ${mapsOf(row.image).shape}`, row]);
const closeTo = (values) => values.map((value) => expect.closeTo(value, 8));
const values = (maps, place) => pooled(maps, place).flatMap(({ data }) => [...data]);

describe.each(named(cases.max))("max pooling %s", (_, row) => {
  const { maps, place } = placeOf(row, "max");

  test("keeps the reference's maxima, and names its positions", () => {
    expect(values(maps, place)).toEqual(flat(row.output));
    const plane = maps.shape[1] * maps.shape[2];
    const positions = pooled(maps, place).flatMap(({ winners }) =>
      [...winners].map((index) => index % plane),
    );
    expect(positions).toEqual(flat(row.positions));
  });

  test.each(["first", "all"])("sends the reference's gradient back, ties: %s", (ties) => {
    expect(backOf(maps, place, row.gradient, ties)).toEqual(flat(row.back[ties]));
  });

  test("knows which windows read each pixel", () => {
    row.readers.forEach((line, down) =>
      line.forEach((readers, across) => expect(js.windowsThatRead(place, [down, across])).toEqual(readers)),
    );
    for (const axis of [0, 1]) {
      const lines = axis ? row.readers[0].map((__, at) => row.readers.map((line) => line[at])) : row.readers;
      const unread = lines.flatMap((line, at) => (line.every((readers) => !readers.length) ? [at] : []));
      expect(js.unreadPixels(place, axis)).toEqual(unread);
    }
  });

  test.each(["first", "all"])("explains each pixel's gradient as a sum, ties: %s", (ties) => {
    const sent = flat(row.gradient).slice(0, place.output[0] * place.output[1]);
    const wanted = js.poolGradient(maps, place, 0, sent, ties).data;
    for (let pixel = 0; pixel < maps.shape[1] * maps.shape[2]; pixel++) {
      const parts = js.contributions(maps, place, 0, sent, ties, pixel);
      expect(parts.reduce((sum, { share }) => sum + share, 0)).toBe(wanted[pixel] + 0);
    }
  });
});

describe.each(named(cases.average))("average pooling %s", (_, row) => {
  const { maps, place } = placeOf(row, "average");

  test("gives the reference's means and gradients", () => {
    expect(values(maps, place)).toEqual(closeTo(flat(row.output)));
    expect(backOf(maps, place, row.gradient, "first")).toEqual(closeTo(flat(row.back)));
  });

  test("explains each pixel's gradient as a sum of shares", () => {
    const sent = flat(row.gradient).slice(0, place.output[0] * place.output[1]);
    const wanted = js.poolGradient(maps, place, 0, sent, "first").data;
    for (let pixel = 0; pixel < maps.shape[1] * maps.shape[2]; pixel++) {
      const parts = js.contributions(maps, place, 0, sent, "first", pixel);
      expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(wanted[pixel], 9);
    }
  });
});

describe.each(named(cases.global))("global pooling %s", (_, row) => {
  test("keeps one number of each map and sends its gradient to the largest", () => {
    const { maps, place } = placeOf(row, "global max");
    expect(values(maps, place)).toEqual(flat(row.max));
    for (const ties of ["first", "all"]) {
      expect(backOf(maps, place, row.gradient, ties)).toEqual(flat(row.max_back[ties]));
    }
  });

  test("takes the mean of each map and sends its gradient everywhere", () => {
    const { maps, place } = placeOf(row, "global average");
    expect(values(maps, place)).toEqual(closeTo(flat(row.average)));
    expect(backOf(maps, place, row.gradient, "first")).toEqual(closeTo(flat(row.average_back)));
  });
});

describe.each(named(cases.maxout))("maxout into %s groups", (_, row) => {
  const { maps, place } = placeOf(row, "maxout");

  test("keeps the largest channel of each group, pixel by pixel", () => {
    expect(values(maps, place)).toEqual(flat(row.output));
  });

  test.each(["first", "all"])("sends the gradient to the channel that won, ties: %s", (ties) => {
    expect(backOf(maps, place, row.gradient, ties)).toEqual(flat(row.back[ties]));
  });
});

test("what the reference refuses has a reason and no output", () => {
  const refuse = (maps, parameters) =>
    js.poolGeometry(maps, { mode: "max", size: 2, padding: 0, ...parameters });
  expect(refuse([1, 5, 5], { padding: 2 }).reason).toMatch(/at most half the window, ⌊2 \/ 2⌋ = 1/);
  expect(refuse([1, 5, 5], { size: 6 }).reason).toBe(
    "the window spans 6 rows, but the input has only 5 rows",
  );
  expect(refuse([3, 5, 5], { mode: "maxout", groups: 2 }).reason).toMatch(
    /3 channels cannot be split into 2/,
  );
  expect(refuse([1, 5, 5], { mode: "maxout" })).toMatchObject({
    fits: false,
    outputMaps: [0, 0, 0],
    output: [0, 0],
  });
});

test("a shift is undone by the shift back, and moves what it says", () => {
  const maps = mapsOf([
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [
      [7, 8, 9],
      [10, 11, 12],
    ],
  ]);
  expect([...js.shifted(maps, [0, 1]).data]).toEqual([3, 1, 2, 6, 4, 5, 9, 7, 8, 12, 10, 11]);
  expect([...js.shifted(maps, [-1, 0]).data]).toEqual([4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9]);
  for (const by of [
    [1, 0],
    [0, -1],
  ]) {
    const back = by.map((step) => -step);
    expect(js.shifted(js.shifted(maps, by), back)).toEqual(maps);
  }
});
