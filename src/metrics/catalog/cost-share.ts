import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const costShare = defineMetric({
  id: "cost_share",
  title: "Share of cost",
  unit: "ratio",
  description: "Each group’s share of the cost of the asked kind; by person unless another dimension is asked.",
  formula: "cost of the group ÷ Σ cost",
  measure: { kind: "share", of: ["cost"], among: "person" },
  dimensions: DIMENSIONS_OF.cost,
});
