import { z } from "zod";

import { CLAUDE_CODE_GROUPS, recordedClaudeCode, type ClaudeCodeGroup } from "../admin/claude-code-report.ts";
import { liveClaudeCode } from "../admin/live-claude-code.ts";
import { reportInput, reportOutput } from "../admin/report-shapes.ts";
import { defineOperation } from "../define.ts";
import { oneOrMore, population } from "../filters.ts";

const GROUPS = Object.keys(CLAUDE_CODE_GROUPS) as [ClaudeCodeGroup, ...ClaudeCodeGroup[]];

export const claudeCodeReport = defineOperation({
  id: "claudeCodeReport",
  title: "Claude Code report",
  summary:
    "Sessions, output, decisions, tokens and estimated cost of Claude Code by day, from the record or asked now.",
  input: z.object({
    ...reportInput,
    groupBy: oneOrMore(z.enum(GROUPS)).optional().describe("at most two"),
    bucketWidth: z.enum(["1d", "total"]).default("1d"),
    population: population.default("all").describe("whose sums; active users are people always"),
  }),
  output: z.object(reportOutput),
  permission: "read",
  effect: "read",
  past: "record",
  audit: "none: figures of the whole organization; individuals appear as the caller's privacy mode lets them",
  fresh: true,
  run: (context, { live, groupBy = [], ...question }) =>
    (live ? liveClaudeCode : recordedClaudeCode)(context, { ...question, groupBy }),
});
