import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const cacheReuseRate = defineMetric({
  id: "cache_reuse_rate",
  title: "Cache reuse rate",
  unit: "ratio",
  description:
    "Share of cached input that was read rather than written. Not the cache hit rate: uncached input is left out.",
  formula: "Σ cache read ÷ Σ (cache read + cache creation)",
  measure: { kind: "ratio", over: ["cache_read"], under: ["cache_read", "cache_creation"] },
  dimensions: DIMENSIONS_OF.tokens,
});
