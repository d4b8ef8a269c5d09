import { isAnswer } from "../asking.ts";
import type { Check } from "../findings.ts";

/** Models in use that the price list does not know: savings and mixes leave them out. */
export const priceUnknown: Check = {
  id: "price_unknown",
  title: "Unknown prices",
  async look({ asker, range, filters }) {
    const { kind: _, ...question } = filters;
    const found = await asker.tryAskWhole({ ...question, ...range, metric: "tokens", by: ["model"] });
    if (!isAnswer(found)) return found.unavailable;
    if (found.coverage.covered === 0) return "no day is held whole";
    const { models, tokens } = found.unpriced;
    if (models.length === 0) return [];
    const many = models.length === 1 ? "1 model" : `${models.length} models`;
    return [
      {
        id: "price_unknown",
        title: `The price of ${many} in use is not known`,
        severity: "low",
        amountUsd: null,
        people: null,
        sentence: `The price list does not know ${models.join(", ")}: cache savings leave them out, reported cost does not.`,
        evidence: [
          { label: "Models", value: models.length, unit: "count" },
          { label: "Tokens", value: tokens, unit: "tokens" },
        ],
        link: { page: "/spend", filters: { ...range } },
      },
    ];
  },
};
