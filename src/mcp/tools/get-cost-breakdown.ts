import { z } from "zod";

import { catalog, COST_GROUPS } from "../../operations/index.ts";
import { days, pageOf, pages, rangeOf, where } from "../admin/familiar.ts";
import { reportData, reportOutput, reportText, type ReportRow } from "../admin/reports.ts";
import { defineTool } from "../define-tool.ts";
import { asAsked, figure } from "../record/words.ts";

export const getCostBreakdown = defineTool({
  name: "claude_code_get_cost_breakdown",
  title: "Get a cost breakdown",
  description:
    "What was spent, by line of the bill unless group_by says otherwise; with 1d each day. By person or team: query_metric; why it changed: explain_change.",
  input: z.object({
    ...days,
    group_by: z.array(z.enum(COST_GROUPS)).max(3).optional(),
    bucket_width: z.enum(["1d", "total"]).optional(),
    kind: z.enum(["net", "list", "estimated", "notional"]).optional().describe("net: the bill"),
    models: z.array(z.string()).optional(),
    workspace_ids: z.array(z.string()).optional(),
    ...pages,
    ...where,
  }),
  output: z.object(reportOutput),
  permission: "read",
  effect: "read",
  past: true,
  list: "rows",
  async run(call, input) {
    const { bucket_width: bucketWidth = "total", kind = "net", models, workspace_ids: workspaceIds, live } = input;
    const groupBy = input.group_by ?? ["description" as const];
    const isPlain = input.group_by === undefined && kind !== "net";
    const report = await call.ask(await catalog.costReport(), {
      ...rangeOf(call, input),
      groupBy: groupBy.length === 0 || isPlain ? undefined : groupBy,
      bucketWidth,
      kind,
      models: models?.length === 0 ? undefined : models,
      workspaceIds: workspaceIds?.length === 0 ? undefined : workspaceIds,
      organization: input.organization,
      live,
    });
    const part = pageOf(report.rows, input);
    return {
      text: reportText(report, `Cost: ${amount(report.totals)}${asAsked(kind, [])}`, part.rows, amount),
      data: reportData(report, part.rows),
      notes: [...(isPlain ? [`Money that is ${kind} has no lines of a bill: given whole.`] : []), ...part.notes],
    };
  },
});

function amount(row: ReportRow): string {
  return figure((row["amount_usd"] ?? null) as string | null, "usd");
}
