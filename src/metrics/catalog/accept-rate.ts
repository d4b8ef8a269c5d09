import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const acceptRate = defineMetric({
  id: "accept_rate",
  title: "Accept rate",
  unit: "ratio",
  description:
    "Share of edit decisions that accepted. Sessions that accept automatically decide too, so it splits by population and terminal.",
  formula: "Σ accepted ÷ (Σ accepted + Σ rejected)",
  // 20 decisions: below that one edit moves the rate by five points.
  measure: { kind: "ratio", over: ["accepted"], under: ["accepted", "rejected"], floor: 20 },
  dimensions: DIMENSIONS_OF.actions,
});
