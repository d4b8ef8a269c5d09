import { defineMetric } from "../define.ts";

export const acceptedPerActiveDay = defineMetric({
  id: "accepted_per_active_day",
  title: "Accepted actions per active person-day",
  unit: "count",
  description:
    "Accepted edits for each person-day on which somebody was active; fair between teams of unequal presence.",
  formula: "Σ accepted ÷ active person-days",
  measure: { kind: "per_active", of: "accepted", count: "person_days" },
  dimensions: ["organization", "team"],
});
