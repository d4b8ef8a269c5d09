import { expect, it } from "vitest";

import { stateOf } from "./state-of.ts";

const coverage = (days: number, covered: number, partial: number) => ({
  days,
  covered,
  partial,
  missing: [],
  heldFrom: null,
});

it.each([
  [coverage(30, 30, 0), [], "complete", "complete"],
  [coverage(30, 30, 0), ["2026-11-20"], "provisional", "1 day provisional"],
  [coverage(30, 28, 2), ["2026-11-20"], "partial", "2 days partial"],
  [coverage(30, 20, 2), [], "missing", "8 days missing"],
  [coverage(30, 0, 0), [], "missing", "no data"],
])("says the worst that is true: %j", (coverage, provisional, kind, text) => {
  expect(stateOf({ coverage, provisional })).toEqual({ kind, text });
});
