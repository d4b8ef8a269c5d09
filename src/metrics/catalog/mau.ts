import { defineMetric } from "../define.ts";

export const mau = defineMetric({
  id: "mau",
  title: "Monthly active users",
  unit: "people",
  description: "Distinct people of the thirty days that end at each day. The total is the last complete day.",
  formula: "MAU(d) = |people active in [d−29, d]|",
  measure: { kind: "rolling", days: 30 },
  dimensions: ["organization", "team"],
});
