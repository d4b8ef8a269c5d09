import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const modelMix = defineMetric({
  id: "model_mix",
  title: "Model mix by cost",
  unit: "ratio",
  description: "Each model’s share of the cost of the asked kind. By model unless another dimension is asked.",
  formula: "cost of the model ÷ Σ cost",
  measure: { kind: "share", of: ["cost"], among: "model" },
  dimensions: DIMENSIONS_OF.cost,
});
