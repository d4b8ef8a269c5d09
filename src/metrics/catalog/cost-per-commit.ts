import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const costPerCommit = defineMetric({
  id: "cost_per_commit",
  title: "Cost per commit",
  unit: "usd",
  description: "Claude Code cost over the commits that Claude Code made, blended.",
  formula: "C ÷ Σ commits",
  measure: { kind: "ratio", over: ["claude_code_cost"], under: ["commits"] },
  dimensions: DIMENSIONS_OF.activity,
});
