import { defineMetric } from "../define.ts";

export const dau = defineMetric({
  id: "dau",
  title: "Daily active users",
  unit: "people",
  description:
    "Distinct people of each day. The total is the last complete day; `average` is the mean over the complete days.",
  formula: "DAU(d) = |people active on d|",
  measure: { kind: "rolling", days: 1 },
  dimensions: ["organization", "team"],
});
