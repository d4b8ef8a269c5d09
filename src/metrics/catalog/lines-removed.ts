import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const linesRemoved = defineMetric({
  id: "lines_removed",
  title: "Lines removed",
  unit: "lines",
  description: "Lines removed through accepted edits.",
  formula: "Σ lines removed",
  measure: { kind: "sum", plus: ["lines_removed"] },
  dimensions: DIMENSIONS_OF.activity,
});
