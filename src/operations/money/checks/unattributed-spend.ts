import { amountOf } from "../amount.ts";
import { isAnswer } from "../asking.ts";
import type { Check } from "../findings.ts";
import { percent } from "../health.ts";
import { spokenUsd } from "../wording.ts";

const WORTH_SAYING = 0.05;

/** Money that keys without an owner spent. */
export const unattributedSpend: Check = {
  id: "unattributed_spend",
  title: "Unattributed spend",
  async look({ asker, range, filters }) {
    const found = await asker.tryAskWhole({ ...filters, ...range, metric: "cost" });
    if (!isAnswer(found)) return found.unavailable;
    if (found.coverage.covered === 0) return "no day is held whole";
    const { value, share, actors } = found.unmapped;
    if (value === null || actors === null) return "the source does not say which key spent";
    if (share === null || share < WORTH_SAYING) return [];
    const keys = actors === 1 ? "1 key has" : `${actors} keys have`;
    return [
      {
        id: "unattributed_spend",
        title: `${percent(share)} of the spend has no owner`,
        severity: share >= 0.25 ? "high" : "medium",
        amountUsd: String(value),
        people: null,
        sentence: `${keys} no owner and spent ${spokenUsd(amountOf(value, "usd") ?? 0n)}, ${percent(share)} of the spend of the range.`,
        evidence: [
          { label: "Spent by keys without an owner", value, unit: "usd" },
          { label: "Share of the spend", value: share, unit: "ratio" },
          { label: "Keys", value: actors, unit: "count" },
        ],
        link: { page: "/keys", filters: { ...range, where: [{ dimension: "population", value: "unmapped" }] } },
      },
    ];
  },
};
