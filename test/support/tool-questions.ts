import { z } from "zod";

import { listedTool } from "../../src/mcp/listed-tool.ts";
import { tools } from "../../src/mcp/tools/index.ts";

export type ToolQuestion = readonly [tool: string, args: Readonly<Record<string, unknown>>];

/**
 * The reports of the Admin tools over a range of days, both held: each as it comes, and split by each member that its own
 * schema has; and what those tools list.
 */
export function adminQuestions({ from, to }: { readonly from: string; readonly to: string }): ToolQuestion[] {
  const range = { start_date: from, end_date: to };
  const reports = tools.flatMap((tool) =>
    splitsOf(tool).map((id) => [tool.name, { ...range, bucket_width: "total", group_by: [id] }] as const),
  );
  return [
    ...reports,
    ["claude_code_get_code_analytics", { ...range, group_by: ["person"], bucket_width: "1d" }],
    ["claude_code_get_cost_breakdown", { ...range, kind: "estimated" }],
    ["claude_code_get_normalized_metrics", { ...range, population: "humans" }],
    ["claude_code_get_normalized_metrics", range],
    ...LISTS.map((name) => [name, {}] as const),
  ];
}

const LISTS = [
  "claude_code_get_org_info",
  "claude_code_get_capabilities",
  "claude_code_list_users",
  "claude_code_list_invites",
  "claude_code_list_workspaces",
  "claude_code_list_api_keys",
  "claude_code_list_rate_limits",
  "claude_code_list_spend_limits",
];

const GROUPED = z.object({
  properties: z.object({ group_by: z.object({ items: z.object({ enum: z.array(z.string()) }) }).optional() }),
});

function splitsOf(tool: (typeof tools)[number]): readonly string[] {
  return GROUPED.parse(listedTool(tool).inputSchema).properties.group_by?.items.enum ?? [];
}
