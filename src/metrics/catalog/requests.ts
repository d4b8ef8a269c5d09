import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const requests = defineMetric({
  id: "requests",
  title: "Requests",
  unit: "requests",
  description: "Requests to the models. Only the usage analytics reports count them.",
  formula: "Σ requests",
  measure: { kind: "sum", plus: ["requests"] },
  dimensions: DIMENSIONS_OF.analytics,
});
