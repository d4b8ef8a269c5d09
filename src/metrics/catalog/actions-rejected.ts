import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const actionsRejected = defineMetric({
  id: "actions_rejected",
  title: "Actions rejected",
  unit: "count",
  description: "Edits proposed by Claude Code that were rejected, over all tools.",
  formula: "Σ rejected",
  measure: { kind: "sum", plus: ["rejected"] },
  dimensions: DIMENSIONS_OF.actions,
});
