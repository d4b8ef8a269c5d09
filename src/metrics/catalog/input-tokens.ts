import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const inputTokens = defineMetric({
  id: "input_tokens",
  title: "Uncached input tokens",
  unit: "tokens",
  description: "Input tokens that neither came from the cache nor were written to it.",
  formula: "Σ uncached input tokens",
  measure: { kind: "sum", plus: ["uncached_input"] },
  dimensions: DIMENSIONS_OF.tokens,
});
