import { z } from "zod";

import { ask, type Answer } from "../../metrics/index.ts";
import { answer } from "../answer.ts";
import { defineOperation } from "../define.ts";
import { refuseStale } from "../stale-rows.ts";

const day = z.string().describe("YYYY-MM-DD, UTC");

export const report = defineOperation({
  id: "report",
  title: "Report",
  summary: "One metric over a range of days, split and filtered, with how far it is complete.",
  input: z.object({
    metric: z.string(),
    from: day.optional(),
    to: day.optional(),
    grain: z.enum(["day", "week", "month"]).optional(),
    by: z.array(z.string()).readonly().optional(),
    where: z
      .array(z.object({ dimension: z.string(), value: z.string().nullable() }))
      .readonly()
      .optional(),
    kind: z.enum(["estimated", "list", "net", "notional"]).optional(),
    population: z.enum(["humans", "service", "unmapped", "all"]).optional(),
    activeRule: z.enum(["any", "token", "engaged"]).optional(),
    denominator: z.enum(["assigned_seats", "org_members", "roster", "ever_active"]).optional(),
    source: z.enum(["messages", "claude_code", "analytics", "cost_report"]).optional(),
    asOf: day.optional(),
  }),
  output: z.custom<Answer>((value) => answer.safeParse(value).success),
  permission: "read",
  effect: "read",
  audit: "none: figures of the whole organization; looks at single people are recorded by the surfaces that show them",
  async run(context, question) {
    const { store, scope, clock } = context;
    await refuseStale(context);
    return ask(store, scope, question, clock.now());
  },
});
