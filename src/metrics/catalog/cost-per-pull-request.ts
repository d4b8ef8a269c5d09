import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const costPerPullRequest = defineMetric({
  id: "cost_per_pull_request",
  title: "Cost per pull request",
  unit: "usd",
  description: "Claude Code cost over the pull requests that Claude Code opened, blended.",
  formula: "C ÷ Σ pull requests",
  measure: { kind: "ratio", over: ["claude_code_cost"], under: ["pull_requests"], floor: 5 },
  dimensions: DIMENSIONS_OF.activity,
});
