import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const netLines = defineMetric({
  id: "net_lines",
  title: "Net lines",
  unit: "lines",
  description: "Lines added less lines removed; may be negative.",
  formula: "Σ lines added − Σ lines removed",
  measure: { kind: "sum", plus: ["lines_added"], minus: ["lines_removed"] },
  dimensions: DIMENSIONS_OF.activity,
});
