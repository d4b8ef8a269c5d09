import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const listCostGenerationGap = defineMetric({
  id: "list_cost_generation_gap",
  title: "Cost: gap to list price",
  unit: "usd",
  description:
    "By how much the cost report exceeds the list prices of the cost analytics, on the days that both cover; negative where list prices are higher.",
  formula: "Σ amounts of cost_report − Σ list amounts of analytics_cost, over the days that both cover",
  measure: {
    kind: "gap",
    older: { table: "cost_lines", plus: ["cost_net"] },
    newer: { table: "analytics_cost", plus: ["cost_list"] },
  },
  dimensions: DIMENSIONS_OF.gap,
});
