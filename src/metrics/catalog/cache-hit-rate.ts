import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const cacheHitRate = defineMetric({
  id: "cache_hit_rate",
  title: "Cache hit rate",
  unit: "ratio",
  description: "Share of input tokens that were served from the cache.",
  formula: "Σ cache read ÷ Σ (cache read + cache creation + uncached input)",
  measure: { kind: "ratio", over: ["cache_read"], under: ["cache_read", "cache_creation", "uncached_input"] },
  dimensions: DIMENSIONS_OF.tokens,
});
