import { DIMENSIONS_OF, defineMetric } from "../define.ts";

export const webSearches = defineMetric({
  id: "web_searches",
  title: "Web searches",
  unit: "requests",
  description: "Searches that the server-side web search tool made.",
  formula: "Σ web search requests",
  measure: { kind: "sum", plus: ["web_searches"] },
  dimensions: DIMENSIONS_OF.messages,
});
