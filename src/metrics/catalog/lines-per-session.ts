import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const linesPerSession = defineMetric({
  id: "lines_per_session",
  title: "Lines per session",
  unit: "lines",
  description:
    "Lines added for each session; sessions that nobody sits before weigh as much, so it splits by terminal.",
  formula: "Σ lines added ÷ Σ sessions",
  measure: { kind: "ratio", over: ["lines_added"], under: ["sessions"] },
  dimensions: DIMENSIONS_OF.activity,
});
