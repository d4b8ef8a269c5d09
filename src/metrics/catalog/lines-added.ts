import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const linesAdded = defineMetric({
  id: "lines_added",
  title: "Lines added",
  unit: "lines",
  description: "Lines written through accepted edits; later deletions are not subtracted.",
  formula: "Σ lines added",
  measure: { kind: "sum", plus: ["lines_added"] },
  dimensions: DIMENSIONS_OF.activity,
});
