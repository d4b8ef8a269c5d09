import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const activeUsers = defineMetric({
  id: "active_users",
  title: "Active users",
  unit: "people",
  description:
    "Distinct people active in the range; with a grain, distinct people in each bucket. The rule is any (default), token or engaged.",
  formula: "|{people active on some day of the range}|",
  measure: { kind: "active", count: "people" },
  dimensions: DIMENSIONS_OF.people,
});
