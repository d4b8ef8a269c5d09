import { z } from "zod";

import { catalog } from "../../operations/index.ts";
import { days, rangeOf, where } from "../admin/familiar.ts";
import { defineTool } from "../define-tool.ts";
import { counted, figure, paragraphs } from "../record/words.ts";

export const getNormalizedMetrics = defineTool({
  name: "claude_code_get_normalized_metrics",
  title: "Get normalized metrics",
  description:
    "The CodingToolMetrics block of Claude Code, to stand beside other coding tools: seats, decisions, lines, active people, cost, by editor, model, team and person; nulls with reasons in metadata.",
  input: z.object({
    ...days,
    cost_basis: z.enum(["estimated", "list", "net", "notional"]).optional(),
    population: z.enum(["all", "humans"]).optional(),
    organization: where.organization,
  }),
  output: z.looseObject({
    tool_name: z.string(),
    period: z.string(),
    total_cost_usd: z.string().nullable(),
    daily_active_users: z.number().nullable(),
    acceptance_rate_pct: z.number().nullable(),
    metadata: z.looseObject({ unavailable_fields: z.array(z.string()) }),
  }),
  permission: "read",
  effect: "read",
  past: true,
  async run(call, { cost_basis: costBasis, population, organization, ...asked }) {
    const block = await call.ask(await catalog.codingToolMetrics(), {
      ...rangeOf(call, asked),
      costBasis,
      population,
      organization,
    });
    const { metadata, by_user: people, daily_active_users: mean } = block;
    const [from, to] = block.period.split("/");
    const pct = (value: number | null) => (value === null ? "unknown" : `${value} %`);
    return {
      text: paragraphs(
        `Claude Code, ${from} to ${to} UTC, ${block.days_covered} of ${counted(block.days_in_period, "day")} read: ${figure(block.total_cost_usd, "usd")} ${block.cost_basis} (${block.population === "all" ? "people and keys" : "people"}), ${figure(block.period_active_users, "people")} people active, ${mean === null ? "unknown" : Number(mean.toFixed(2))} a day on average.`,
        `${figure(block.sessions, "count")} sessions, ${figure(block.commits, "count")} commits, ${figure(block.pull_requests, "count")} pull requests, ${figure(block.lines_added, "lines")} lines added; ${pct(block.acceptance_rate_pct)} of ${figure(block.total_suggestions, "count")} decided edits accepted.`,
        `Not reported by the source: ${metadata.unavailable_fields.join(", ")}.`,
        people === null ? "Single people are not shown to you." : "",
        block.provisional_days.length === 0 ? "" : `May still be restated: ${block.provisional_days.join(", ")}.`,
      ),
      data: block,
    };
  },
});
