import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const commits = defineMetric({
  id: "commits",
  title: "Commits",
  unit: "count",
  description: "Commits that Claude Code itself made.",
  formula: "Σ commits by Claude Code",
  measure: { kind: "sum", plus: ["commits"] },
  dimensions: DIMENSIONS_OF.activity,
});
