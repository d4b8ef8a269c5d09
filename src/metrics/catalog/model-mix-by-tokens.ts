import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const modelMixByTokens = defineMetric({
  id: "model_mix_by_tokens",
  title: "Model mix by tokens",
  unit: "ratio",
  description: "Each model’s share of all tokens.",
  formula: "tokens of the model ÷ Σ tokens",
  measure: { kind: "share", of: ["uncached_input", "output", "cache_read", "cache_creation"], among: "model" },
  dimensions: DIMENSIONS_OF.tokens,
});
