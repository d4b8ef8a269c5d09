import { picoUsdFromDollars } from "../../../domain/index.ts";
import { amountOf, ratio } from "../amount.ts";
import { explain } from "../explain.ts";
import type { Check } from "../findings.ts";
import { percent } from "../health.ts";
import { memberName } from "../wording.ts";

/** Ten points of the spend. */
const SHIFT = 0.1;
/** A few sessions are no mix. */
const FLOOR = picoUsdFromDollars("50").picoUsd;

/** A model family whose part of the spend moved. */
export const modelShift: Check = {
  id: "model_mix_shift",
  title: "Model mix shift",
  async look({ asker, range, filters }) {
    const found = await explain(asker, { ...filters, ...range, metric: "cost" }, ["model_family"], null, 50);
    const [families] = found.dimensions;
    if (found.notComparable !== null || !families) return "the period before is not held whole";
    if (families.unavailable !== null) return families.unavailable;
    const now = amountOf(families.current, "usd") ?? 0n;
    const then = amountOf(families.previous, "usd") ?? 0n;
    if (now < FLOOR || then < FLOOR) return "there is too little spend to speak of a mix";
    return families.contributions.flatMap(({ key, current, previous, difference }) => {
      const share = ratio(amountOf(current, "usd") ?? 0n, now) ?? 0;
      const before = ratio(amountOf(previous, "usd") ?? 0n, then) ?? 0;
      if (Math.abs(share - before) < SHIFT) return [];
      const name = memberName("model_family", key);
      return [
        {
          id: `model_mix_shift:${key ?? ""}`,
          title: `${name} went from ${percent(before)} to ${percent(share)} of the spend`,
          severity: Math.abs(share - before) >= 0.25 ? ("high" as const) : ("medium" as const),
          amountUsd: String(difference),
          people: null,
          sentence: `${name} was ${percent(before)} of the spend in the period before and is ${percent(share)} now.`,
          evidence: [
            { label: "Share now", value: share, unit: "ratio" as const },
            { label: "Share before", value: before, unit: "ratio" as const },
            { label: "Spend now", value: current, unit: "usd" as const },
            { label: "Spend before", value: previous, unit: "usd" as const },
          ],
          link: { page: "/spend", filters: { ...range, where: [{ dimension: "model_family", value: key }] } },
        },
      ];
    });
  },
};
