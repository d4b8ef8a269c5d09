import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const cacheReadTokens = defineMetric({
  id: "cache_read_tokens",
  title: "Cache read tokens",
  unit: "tokens",
  description: "Input tokens served from the prompt cache.",
  formula: "Σ cache read tokens",
  measure: { kind: "sum", plus: ["cache_read"] },
  dimensions: DIMENSIONS_OF.tokens,
});
