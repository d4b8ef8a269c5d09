import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const sessions = defineMetric({
  id: "sessions",
  title: "Sessions",
  unit: "sessions",
  description: "Claude Code sessions. A session belongs to one terminal, so sums over rows are safe.",
  formula: "Σ sessions",
  measure: { kind: "sum", plus: ["sessions"] },
  dimensions: DIMENSIONS_OF.activity,
});
