import { expect, it } from "vitest";

import { concentrationOf } from "./concentration.ts";

const people = (count: number, amount: bigint) => Array.from({ length: count }, () => amount);

it("takes the top tenth, rounded up", () => {
  // 11 people: the top two spend 40 + 20 of 60 + 9 × 1.
  const found = concentrationOf([...people(9, 1n), 40n, 20n]);
  expect(found).toMatchObject({ people: 11, topPeople: 2, reason: null });
  expect(found.topShare).toBeCloseTo(60 / 69, 12);
});

it.each([
  ["everybody spends alike", people(10, 7n), 0, 0.1],
  ["one of ten spends it all", [...people(9, 0n), 5n], 0.9, 1],
  // Σ (2i − n − 1) x ÷ (n Σ x) of 1 … 10: 165 ÷ 550.
  ["spend goes from 1 to 10", [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n, 10n], 0.3, 10 / 55],
])("knows the Gini coefficient where %s", (_, amounts, gini, share) => {
  const found = concentrationOf(amounts);
  expect(found.gini).toBeCloseTo(gini, 12);
  expect(found.topShare).toBeCloseTo(share, 12);
});

it("says nothing of fewer than ten people, nor where nothing was spent", () => {
  expect(concentrationOf(people(9, 5n))).toMatchObject({ topShare: null, gini: null, reason: "below_minimum_sample" });
  expect(concentrationOf(people(10, 0n))).toMatchObject({ topShare: null, gini: null, reason: "zero_denominator" });
});

it("keeps the share of a top tenth that is no group, and stays exact above 2^53", () => {
  const found = concentrationOf(people(20, 10n ** 20n), 5);
  expect(found).toEqual({ people: 20, topPeople: 2, topShare: null, gini: 0, reason: "suppressed_for_privacy" });
});
