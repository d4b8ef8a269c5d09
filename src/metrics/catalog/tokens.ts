import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const tokens = defineMetric({
  id: "tokens",
  title: "Tokens",
  unit: "tokens",
  description: "All tokens: uncached input, cache creation, cache read and output.",
  formula: "Σ uncached input + cache creation + cache read + output",
  measure: { kind: "sum", plus: ["uncached_input", "output", "cache_read", "cache_creation"] },
  dimensions: [...DIMENSIONS_OF.tokens, "token_type"],
});
