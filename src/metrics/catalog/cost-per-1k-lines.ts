import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const costPer1kLines = defineMetric({
  id: "cost_per_1k_lines",
  title: "Cost per 1 000 lines",
  unit: "usd",
  description: "Claude Code cost over the lines added; removed lines do not count.",
  formula: "C ÷ Σ lines added × 1000",
  measure: { kind: "ratio", over: ["claude_code_cost"], under: ["lines_added"], scale: 1000 },
  dimensions: DIMENSIONS_OF.activity,
});
