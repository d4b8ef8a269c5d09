import { catalog } from "../../operations/index.ts";
import { defineResource } from "../define-resource.ts";

export const metricDefinitions = defineResource({
  name: "metric-definitions",
  uri: "bursar://metrics",
  title: "Metric definitions",
  description: "Every metric and dimension with unit, formula and population.",
  mimeType: "application/json",
  permission: "read",
  read: async ({ ask }) => ({ data: await ask(await catalog.describeMetrics(), {}) }),
});
