import { z } from "zod";

import { MESSAGES_GROUPS } from "../../source/index.ts";
import { reportFilters, reportInput, reportOutput } from "../admin/report-shapes.ts";
import { liveUsage, recordedUsage } from "../admin/usage-report.ts";
import { defineOperation } from "../define.ts";
import { oneOrMore } from "../filters.ts";

export const usageReport = defineOperation({
  id: "usageReport",
  title: "Usage report",
  summary: "Tokens of the Messages API in the columns of the Admin API, from the record or asked now.",
  input: z.object({
    ...reportInput,
    groupBy: oneOrMore(z.enum(MESSAGES_GROUPS)).optional().describe("two of the record, five live"),
    bucketWidth: z.enum(["1d", "1h", "1m", "total"]).default("1d").describe("hours and minutes live only"),
    ...reportFilters,
    apiKeyIds: oneOrMore(z.string().max(200)).optional(),
  }),
  output: z.object(reportOutput),
  permission: "read",
  effect: "read",
  past: "record",
  audit: "none: figures of the whole organization; individuals appear as the caller's privacy mode lets them",
  fresh: true,
  run: (context, { live, groupBy = [], ...question }) =>
    (live ? liveUsage : recordedUsage)(context, { ...question, groupBy }),
});
