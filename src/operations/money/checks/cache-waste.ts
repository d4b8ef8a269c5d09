import { divideHalfEven, parseDay, priceOf } from "../../../domain/index.ts";
import { cents } from "../amount.ts";
import { cacheSavingOf } from "../cache-saving.ts";
import type { CacheSaving } from "../cache-saving.ts";
import type { Check } from "../findings.ts";
import { percent } from "../health.ts";

/** Where the field calls a hit rate good, in parts of a hundred. */
const GOOD = 80n;

/** Models whose input is mostly paid in full though a cache could serve it. */
export const cacheWaste: Check = {
  id: "cache_waste",
  title: "Cache waste",
  async look({ asker, range, filters }) {
    const { kind: _, ...question } = filters;
    const saving = await cacheSavingOf(asker, { ...question, ...range });
    if (saving === null) return "no source counts cached tokens under these filters";
    if (saving.coverage.covered === 0) return "no day is held whole";
    if (saving.reason !== null) return "figures by model are of groups too small to show";
    const wasted = saving.models.filter(
      ({ band, savingUsd }) => band === "warn" || (band && savingUsd?.startsWith("-")),
    );
    return wasted.map((model) => {
      const rate = model.hitRate ?? 0;
      const missed = missedOf(model, range.to);
      const name = model.model ?? "an unnamed model";
      const most = missed === null ? "" : `; at 80% it would have cost up to $${missed} less`;
      return {
        id: `cache_waste:${name}`,
        title: `Little of ${name}'s input comes from the cache`,
        severity: rate < 0.2 ? ("high" as const) : ("medium" as const),
        amountUsd: missed,
        people: null,
        sentence: `Only ${percent(rate)} of the input tokens of ${name} were served from the cache${most}.`,
        evidence: [
          { label: "Cache hit rate", value: rate, unit: "ratio" as const },
          { label: "Uncached input", value: model.uncachedTokens, unit: "tokens" as const },
          { label: "Read from the cache", value: model.readTokens, unit: "tokens" as const },
          { label: "Saved so far", value: model.savingUsd, unit: "usd" as const },
        ],
        link: { page: "/spend", filters: { ...range, where: [{ dimension: "model", value: model.model }] } },
      };
    });
  },
};

/** What the same tokens would have cost less with four fifths read from the cache: an upper bound, at list price. */
function missedOf(model: CacheSaving["models"][number], to: string): string | null {
  if (model.model === null) return null;
  const day = parseDay(to);
  const input = priceOf(model.model, "uncached_input_tokens", day);
  const read = priceOf(model.model, "cache_read_input_tokens", day);
  if (input === null || read === null) return null;
  const uncached = BigInt(model.uncachedTokens);
  const reads = BigInt(model.readTokens);
  const all = uncached + reads + BigInt(model.created5mTokens) + BigInt(model.created1hTokens);
  const wanted = (all * GOOD) / 100n - reads;
  const moved = wanted < uncached ? wanted : uncached;
  if (moved <= 0n) return null;
  const cost = (tokens: bigint, rate: typeof input) => divideHalfEven(tokens * rate.numerator, rate.denominator);
  return cents(cost(moved, input) - cost(moved, read));
}
