import { DIMENSIONS_OF, defineMetric } from "../define.ts";

const ALL_TOKENS = ["uncached_input", "output", "cache_read", "cache_creation"] as const;

export const tokensGenerationGap = defineMetric({
  id: "tokens_generation_gap",
  title: "Tokens: gap between the generations",
  unit: "tokens",
  description:
    "By how many tokens the messages report exceeds the usage analytics, on the days that both cover; negative where analytics count more.",
  formula: "Σ tokens of usage_total − Σ tokens of analytics_usage, over the days that both cover",
  measure: {
    kind: "gap",
    older: { table: "usage_total", plus: ALL_TOKENS },
    newer: { table: "analytics_usage", plus: ALL_TOKENS },
  },
  dimensions: DIMENSIONS_OF.gap,
});
