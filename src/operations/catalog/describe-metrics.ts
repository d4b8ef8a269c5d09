import { z } from "zod";

import { dimensions, exports, metrics } from "../../metrics/index.ts";
import { defineOperation } from "../define.ts";
import { hasKinds } from "../money/asking.ts";

export const describeMetrics = defineOperation({
  id: "describeMetrics",
  title: "Describe the metrics",
  summary: "Every metric, dimension and kind of row that can be asked for, with what it means.",
  input: z.object({}),
  output: z.object({
    metrics: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        unit: z.string(),
        description: z.string(),
        formula: z.string(),
        population: z.string(),
        dimensions: z.array(z.string()).readonly(),
        additive: z.boolean(),
        /** Whether it is told in several kinds of money, and so can be asked with `kind`. */
        hasKinds: z.boolean(),
      }),
    ),
    dimensions: z.array(z.object({ id: z.string(), title: z.string(), description: z.string() })),
    exports: z.array(
      z.object({
        id: z.string(),
        description: z.string(),
        columns: z.array(z.string()).readonly(),
        daily: z.boolean(),
      }),
    ),
  }),
  permission: "read",
  effect: "read",
  audit: "none: tells what exists, no figure",
  run: async () => ({
    metrics: metrics.map((metric) => {
      const { id, title, unit, description, formula, population, dimensions, additive } = metric;
      return { id, title, unit, description, formula, population, dimensions, additive, hasKinds: hasKinds(metric) };
    }),
    dimensions: dimensions.map(({ id, title, description }) => ({ id, title, description })),
    exports: exports.map(({ id, description, columns, daily }) => ({ id, description, columns, daily })),
  }),
});
