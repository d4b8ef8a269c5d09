import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const cacheCreationTokens = defineMetric({
  id: "cache_creation_tokens",
  title: "Cache creation tokens",
  unit: "tokens",
  description: "Input tokens written to the prompt cache, both lifetimes together.",
  formula: "Σ cache creation tokens (5 minutes + 1 hour)",
  measure: { kind: "sum", plus: ["cache_creation"] },
  dimensions: [...DIMENSIONS_OF.tokens, "token_type"],
});
