import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const churnedLines = defineMetric({
  id: "churned_lines",
  title: "Churned lines",
  unit: "lines",
  description: "Lines added and lines removed together: a volume, no measure of quality.",
  formula: "Σ lines added + Σ lines removed",
  measure: { kind: "sum", plus: ["lines_added", "lines_removed"] },
  dimensions: DIMENSIONS_OF.activity,
});
