import { z } from "zod";

import { COST_GROUPS } from "../admin/cost-groups.ts";
import { liveCost, recordedCost } from "../admin/cost-report.ts";
import { reportFilters, reportInput, reportOutput } from "../admin/report-shapes.ts";
import { defineOperation } from "../define.ts";
import { costKind, oneOrMore } from "../filters.ts";

export const costReport = defineOperation({
  id: "costReport",
  title: "Cost report",
  summary: "Money by workspace, line, model and kind in the words of the Admin API, from the record or asked now.",
  input: z.object({
    ...reportInput,
    groupBy: oneOrMore(z.enum(COST_GROUPS)).optional().describe("at most three"),
    bucketWidth: z.enum(["1d", "total"]).default("1d"),
    kind: costKind.default("net"),
    ...reportFilters,
  }),
  output: z.object(reportOutput),
  permission: "read",
  effect: "read",
  past: "record",
  audit: "none: figures of the whole organization; individuals appear as the caller's privacy mode lets them",
  fresh: true,
  run: (context, { live, groupBy = [], ...question }) =>
    (live ? liveCost : recordedCost)(context, { ...question, groupBy }),
});
