import { defineMetric } from "../define.ts";

export const adoptionRate = defineMetric({
  id: "adoption_rate",
  title: "Adoption rate",
  unit: "ratio",
  description:
    "Share of the eligible people who were active. Console organizations have no seats: this is member adoption, never seat utilization.",
  formula: "|active people ∩ eligible people| ÷ |eligible people|",
  measure: { kind: "adoption" },
  dimensions: ["team"],
});
