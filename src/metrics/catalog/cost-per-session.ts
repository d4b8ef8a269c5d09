import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const costPerSession = defineMetric({
  id: "cost_per_session",
  title: "Cost per session",
  unit: "usd",
  description: "Claude Code cost over Claude Code sessions, blended: all cost over all output of the population.",
  formula: "C ÷ Σ sessions",
  measure: { kind: "ratio", over: ["claude_code_cost"], under: ["sessions"] },
  dimensions: DIMENSIONS_OF.activity,
});
