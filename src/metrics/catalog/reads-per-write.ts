import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const readsPerWrite = defineMetric({
  id: "reads_per_write",
  title: "Cache reads per write",
  unit: "ratio",
  description: "Tokens read from the cache for each token written to it; above 1 is common.",
  formula: "Σ cache read ÷ Σ cache creation",
  measure: { kind: "ratio", over: ["cache_read"], under: ["cache_creation"] },
  dimensions: DIMENSIONS_OF.tokens,
});
