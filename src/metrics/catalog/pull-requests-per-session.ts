import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const pullRequestsPerSession = defineMetric({
  id: "pull_requests_per_session",
  title: "Pull requests per session",
  unit: "count",
  description: "Pull requests that Claude Code opened for each session.",
  formula: "Σ pull requests ÷ Σ sessions",
  measure: { kind: "ratio", over: ["pull_requests"], under: ["sessions"] },
  dimensions: DIMENSIONS_OF.activity,
});
