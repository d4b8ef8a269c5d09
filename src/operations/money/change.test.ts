import { expect, it } from "vitest";

import type { Unit, Value } from "../../metrics/index.ts";
import { changeOf } from "./change.ts";

it.each<[string, Value, Value, Unit, object | null]>([
  [
    "money by its exact difference",
    "12.50",
    "10.00",
    "usd",
    { kind: "amount", absolute: "2.50", relative: 0.25, direction: "up", isNew: false },
  ],
  ["a fall", 30, 40, "sessions", { kind: "amount", absolute: -10, relative: -0.25, direction: "down", isNew: false }],
  [
    "ratios in points",
    0.75,
    0.5,
    "ratio",
    { kind: "points", absolute: 0.25, relative: null, direction: "up", isNew: false },
  ],
  [
    "from nothing as new",
    "3.00",
    "0.00",
    "usd",
    { kind: "amount", absolute: "3.00", relative: null, direction: "up", isNew: true },
  ],
  [
    "nothing to nothing as no change",
    0,
    0,
    "count",
    { kind: "amount", absolute: 0, relative: 0, direction: "same", isNew: false },
  ],
  [
    "a negative before by its size",
    -5,
    -10,
    "lines",
    { kind: "amount", absolute: 5, relative: 0.5, direction: "up", isNew: false },
  ],
  [
    "digits beyond 2^53",
    "9007199254740993",
    1,
    "tokens",
    { kind: "amount", absolute: "9007199254740992", relative: 9007199254740992, direction: "up", isNew: false },
  ],
  ["what is not known not at all", null, 5, "count", null],
])("tells %s", (_, current, previous, unit, expected) => {
  expect(changeOf(current, previous, unit)).toEqual(expected);
});
