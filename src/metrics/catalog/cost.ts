import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const cost = defineMetric({
  id: "cost",
  title: "Cost",
  unit: "usd",
  description:
    "Money of one kind: estimated (Claude Code, default), notional (what subscription use would have cost), list (before discount) or net (billed). The four are never added together.",
  formula: "Σ amounts of the rows of the asked kind",
  measure: { kind: "sum", plus: ["cost"] },
  dimensions: DIMENSIONS_OF.cost,
});
