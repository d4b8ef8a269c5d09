import { z } from "zod";

import { catalog } from "../../operations/index.ts";
import { days, pageOf, pages, rangeOf, where } from "../admin/familiar.ts";
import { reportData, reportOutput, reportText, type ReportRow } from "../admin/reports.ts";
import { defineTool } from "../define-tool.ts";
import { figure } from "../record/words.ts";

export const getCodeAnalytics = defineTool({
  name: "claude_code_get_code_analytics",
  title: "Get Claude Code analytics",
  description:
    "Claude Code day by day: sessions, lines, commits, pull requests, decisions, tokens, estimated cost, active people; also by person, team, terminal, model or tool.",
  input: z.object({
    ...days,
    group_by: z
      .array(z.enum(["person", "team", "terminal_type", "customer_type", "model", "tool"]))
      .max(2)
      .optional(),
    bucket_width: z.enum(["1d", "total"]).optional(),
    population: z.enum(["all", "humans", "service", "unmapped"]).optional(),
    ...pages,
    ...where,
  }),
  output: z.object(reportOutput),
  permission: "read",
  effect: "read",
  past: true,
  list: "rows",
  async run(call, input) {
    const { group_by: groupBy, bucket_width: bucketWidth, population, organization, live } = input;
    const report = await call.ask(await catalog.claudeCodeReport(), {
      ...rangeOf(call, input),
      groupBy: groupBy?.length === 0 ? undefined : groupBy,
      bucketWidth,
      population,
      organization,
      live,
    });
    const part = pageOf(report.rows, input);
    return {
      text: reportText(report, `Claude Code: ${activity(report.totals)}`, part.rows, activity),
      data: reportData(report, part.rows),
      notes: part.notes,
    };
  },
});

/** What the row tells, in an order that reads well; what it does not tell is left out. */
function activity(row: ReportRow): string {
  const said = (name: string, words: string, unit: "count" | "usd" = "count") => {
    const value = row[name];
    return value === undefined ? [] : [`${figure(value as number | string | null, unit)} ${words}`];
  };
  return [
    ...said("active_users", "people active"),
    ...said("sessions", "sessions"),
    ...said("lines_added", "lines added"),
    ...said("commits", "commits"),
    ...said("pull_requests", "pull requests"),
    ...said("actions_accepted", "edits accepted"),
    ...said("actions_rejected", "rejected"),
    ...said("estimated_cost_usd", "estimated", "usd"),
  ].join(", ");
}
