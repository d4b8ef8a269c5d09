import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const costGenerationGap = defineMetric({
  id: "cost_generation_gap",
  title: "Cost: gap between the generations",
  unit: "usd",
  description:
    "By how much the cost report exceeds the net amounts of the cost analytics, on the days that both cover; negative where analytics say more.",
  formula: "Σ amounts of cost_report − Σ amounts of analytics_cost, over the days that both cover",
  measure: {
    kind: "gap",
    older: { table: "cost_lines", plus: ["cost_net"] },
    newer: { table: "analytics_cost", plus: ["cost_net"] },
  },
  dimensions: DIMENSIONS_OF.gap,
});
