import { z } from "zod";

import { catalog } from "../../operations/index.ts";
import { MESSAGES_GROUPS } from "../../source/index.ts";
import { days, pageOf, pages, rangeOf, where } from "../admin/familiar.ts";
import { reportData, reportOutput, reportText, type ReportRow } from "../admin/reports.ts";
import { defineTool } from "../define-tool.ts";
import { figure } from "../record/words.ts";

export const getUsage = defineTool({
  name: "claude_code_get_usage",
  title: "Get usage",
  description:
    "Tokens of the Messages API in the columns of Anthropic's usage report, by day. One figure, or people and teams: query_metric.",
  input: z.object({
    ...days,
    group_by: z.array(z.enum(MESSAGES_GROUPS)).optional().describe("2 at most, live 5"),
    bucket_width: z.enum(["1d", "1h", "1m", "total"]).optional().describe("1h, 1m: live"),
    models: z.array(z.string()).optional(),
    workspace_ids: z.array(z.string()).optional(),
    api_key_ids: z.array(z.string()).optional(),
    ...pages,
    ...where,
  }),
  output: z.object(reportOutput),
  permission: "read",
  effect: "read",
  past: true,
  list: "rows",
  async run(call, input) {
    const { group_by: groupBy, bucket_width: bucketWidth = "1d", models, organization } = input;
    const isFine = bucketWidth === "1h" || bucketWidth === "1m";
    const live = input.live ?? isFine;
    const report = await call.ask(await catalog.usageReport(), {
      ...rangeOf(call, input),
      groupBy: some(groupBy),
      bucketWidth,
      models: some(models),
      workspaceIds: some(input.workspace_ids),
      apiKeyIds: some(input.api_key_ids),
      organization,
      live,
    });
    const part = pageOf(report.rows, input);
    return {
      text: reportText(report, `Messages API: ${tokens(report.totals)}`, part.rows, tokens),
      data: reportData(report, part.rows),
      notes: [
        ...(isFine && input.live === undefined
          ? ["Buckets finer than a day are not recorded: Anthropic was asked."]
          : []),
        ...part.notes,
      ],
    };
  },
});

/** A list that is empty asks for nothing in particular. */
function some<T>(list: readonly T[] | undefined): [T, ...T[]] | undefined {
  const [first, ...rest] = list ?? [];
  return first === undefined ? undefined : [first, ...rest];
}

function tokens(row: ReportRow): string {
  const count = (name: string) => figure((row[name] ?? null) as number | string | null, "tokens");
  return `${count("total_tokens")} tokens (uncached input ${count("uncached_input_tokens")}, cache read ${count("cache_read_input_tokens")}, output ${count("output_tokens")})`;
}
