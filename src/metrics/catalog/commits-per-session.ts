import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const commitsPerSession = defineMetric({
  id: "commits_per_session",
  title: "Commits per session",
  unit: "count",
  description: "Commits that Claude Code made for each session.",
  formula: "Σ commits ÷ Σ sessions",
  measure: { kind: "ratio", over: ["commits"], under: ["sessions"] },
  dimensions: DIMENSIONS_OF.activity,
});
