import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const pullRequests = defineMetric({
  id: "pull_requests",
  title: "Pull requests",
  unit: "count",
  description: "Pull requests that Claude Code itself opened; merged or abandoned is not reported.",
  formula: "Σ pull requests by Claude Code",
  measure: { kind: "sum", plus: ["pull_requests"] },
  dimensions: DIMENSIONS_OF.activity,
});
