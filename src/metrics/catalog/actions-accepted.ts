import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const actionsAccepted = defineMetric({
  id: "actions_accepted",
  title: "Actions accepted",
  unit: "count",
  description: "Edits proposed by Claude Code that were accepted, over all tools, unknown future ones included.",
  formula: "Σ accepted",
  measure: { kind: "sum", plus: ["accepted"] },
  dimensions: DIMENSIONS_OF.actions,
});
