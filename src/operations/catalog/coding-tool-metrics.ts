import { z } from "zod";

import { codingToolMetricsOf } from "../admin/coding-tool-metrics.ts";
import { codingToolMetricsShape } from "../admin/normalized-shape.ts";
import { defineOperation } from "../define.ts";
import { costKind, filters } from "../filters.ts";

export const codingToolMetrics = defineOperation({
  id: "codingToolMetrics",
  title: "Coding tool metrics",
  summary: "Claude Code over a range in the block that every coding tool is told in, nulls with their reasons.",
  input: z.object({
    from: filters.from,
    to: filters.to,
    asOf: filters.asOf,
    organization: z.string().max(200).optional().describe("id, name or connection; all when left out"),
    costBasis: costKind.default("estimated"),
    population: z
      .enum(["all", "humans"])
      .default("all")
      .describe("whose sums; figures about people are of people always"),
  }),
  output: codingToolMetricsShape,
  permission: "read",
  effect: "read",
  past: "record",
  audit: "none: figures of the whole organization; individuals appear as the caller's privacy mode lets them",
  run: codingToolMetricsOf,
});
