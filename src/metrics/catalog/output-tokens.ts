import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const outputTokens = defineMetric({
  id: "output_tokens",
  title: "Output tokens",
  unit: "tokens",
  description: "Tokens that the models wrote.",
  formula: "Σ output tokens",
  measure: { kind: "sum", plus: ["output"] },
  dimensions: DIMENSIONS_OF.tokens,
});
