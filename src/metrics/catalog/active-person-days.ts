import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const activePersonDays = defineMetric({
  id: "active_person_days",
  title: "Active person-days",
  unit: "person_days",
  description: "A person on a day counts once, whatever they did. Adds up over days, not over terminals or models.",
  formula: "Σ over days of |people active on the day|",
  measure: { kind: "active", count: "person_days" },
  dimensions: [...DIMENSIONS_OF.people, "person"],
});
