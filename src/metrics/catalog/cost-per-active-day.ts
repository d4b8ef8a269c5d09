import { defineMetric } from "../define.ts";

export const costPerActiveDay = defineMetric({
  id: "cost_per_active_day",
  title: "Cost per active person-day",
  unit: "usd",
  description: "Cost of the population over its active person-days.",
  formula: "C ÷ active person-days",
  measure: { kind: "per_active", of: "claude_code_cost", count: "person_days" },
  dimensions: ["organization", "team"],
});
