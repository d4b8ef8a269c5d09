import { z } from "zod";

import { defineOperation } from "../define.ts";
import { day } from "../filters.ts";
import { withAsker } from "../money/asking.ts";
import { dataHealth, dataHealthOf } from "../money/health.ts";

export const dataHealthOperation = defineOperation({
  id: "dataHealth",
  title: "Data health",
  summary: "How far the figures can be trusted: freshness, gaps, attribution, conflicts, restatements, prices.",
  input: z.object({ from: day.optional(), to: day.optional() }),
  output: dataHealth,
  permission: "read",
  effect: "read",
  audit: "none: about the record itself, nobody's activity",
  run: (context, range) => withAsker(context, (asker) => dataHealthOf(asker, context.streams, range)),
});
