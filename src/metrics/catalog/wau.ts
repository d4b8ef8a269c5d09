import { defineMetric } from "../define.ts";

export const wau = defineMetric({
  id: "wau",
  title: "Weekly active users",
  unit: "people",
  description: "Distinct people of the seven days that end at each day. The total is the last complete day.",
  formula: "WAU(d) = |people active in [d−6, d]|",
  measure: { kind: "rolling", days: 7 },
  dimensions: ["organization", "team"],
});
