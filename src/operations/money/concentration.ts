import { z } from "zod";

import { ratio, sumOf } from "./amount.ts";

/** Below this many people a share of the top tenth would be the amount of one of them. */
const FEWEST_PEOPLE = 10;

export const concentration = z.object({
  people: z.int(),
  /** How many people the top tenth is. */
  topPeople: z.int(),
  /** Their part of the spend, 0 to 1. */
  topShare: z.number().nullable(),
  /** 0: everybody spends alike; towards 1: one person spends it all. */
  gini: z.number().nullable(),
  reason: z.enum(["below_minimum_sample", "zero_denominator", "suppressed_for_privacy"]).nullable(),
});

export type Concentration = z.output<typeof concentration>;

/** How unevenly spend falls on people: the part of the top tenth (rounded up), and the Gini coefficient. */
export function concentrationOf(amounts: readonly bigint[], smallestGroup = 1): Concentration {
  const people = amounts.length;
  const topPeople = Math.ceil(people / 10);
  const nothing = (reason: Concentration["reason"]) => ({ people, topPeople, topShare: null, gini: null, reason });
  if (people < FEWEST_PEOPLE) return nothing("below_minimum_sample");
  const ordered = amounts.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const total = sumOf(ordered);
  if (total <= 0n) return nothing("zero_denominator");
  const top = sumOf(ordered.slice(-topPeople));
  const n = BigInt(people);
  const weighted = sumOf(ordered.map((amount, at) => (2n * BigInt(at + 1) - n - 1n) * amount));
  // The top tenth of a small organization is one or two people whom everybody knows.
  const shown = topPeople >= smallestGroup;
  return {
    people,
    topPeople,
    topShare: shown ? ratio(top, total) : null,
    gini: ratio(weighted, n * total),
    reason: shown ? null : "suppressed_for_privacy",
  };
}
