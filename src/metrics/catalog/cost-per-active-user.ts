import { defineMetric } from "../define.ts";

export const costPerActiveUser = defineMetric({
  id: "cost_per_active_user",
  title: "Cost per active user",
  unit: "usd",
  description: "Cost of the population over its active people of the range.",
  formula: "C ÷ |active people|",
  measure: { kind: "per_active", of: "claude_code_cost", count: "people" },
  dimensions: ["organization", "team"],
});
