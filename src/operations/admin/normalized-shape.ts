import { z } from "zod";

import { usd, value } from "../figures.ts";
import { activeRule, costKind, denominator } from "../filters.ts";

const money = usd.nullable();
const pct = z.number().nullable().describe("0 to 100");

/** Sums of one group of a breakdown. */
const sums = {
  sessions: value,
  commits: value,
  pull_requests: value,
  lines_added: value,
  lines_removed: value,
  actions_accepted: value,
  actions_rejected: value,
  tokens: value,
  cost_usd: money,
} as const;

/** Why a field is null, or how it came about. */
const note = z.object({
  reason: z.string().optional(),
  source_field: z.string().optional(),
  formula: z.string().optional(),
});

/**
 * `CodingToolMetrics`: what every coding tool is told in, whatever it is. The first block has the names that other tools
 * use too; the second says more. A field that is null has its reason in `metadata.field_notes`.
 */
export const codingToolMetricsShape = z.object({
  tool_name: z.literal("claude_code"),
  period: z.string().describe("YYYY-MM-DD/YYYY-MM-DD, inclusive, UTC"),
  total_seats: value,
  active_seats: value,
  inactive_seats: value,
  seat_utilization_pct: pct,
  total_suggestions: value.describe("edits that were decided on: accepted and rejected"),
  total_acceptances: value,
  acceptance_rate_pct: pct,
  total_lines_suggested: value,
  total_lines_accepted: value.describe("added and removed by accepted edits"),
  total_chat_interactions: value,
  daily_active_users: z.number().nullable().describe("mean over the complete days"),
  total_cost_usd: money,
  cost_per_user_usd: money.describe("of people, over those active"),
  cost_per_accepted_suggestion_usd: money,
  usage_by_language: z.record(z.string(), z.unknown()).nullable(),
  usage_by_editor: z
    .record(z.string(), z.object({ sessions: value, lines_added: value, lines_removed: value }))
    .nullable(),
  usage_by_model: z
    .record(
      z.string(),
      z.object({
        input_tokens: value,
        output_tokens: value,
        cache_read_tokens: value,
        cache_creation_tokens: value,
        cost_usd: money,
      }),
    )
    .nullable(),
  schema_version: z.literal("1"),
  source: z.array(z.string()).describe("endpoints"),
  timezone: z.literal("UTC"),
  currency: z.literal("USD"),
  cost_basis: costKind,
  population: z.enum(["all", "humans"]),
  active_rule: activeRule,
  denominator_id: denominator.nullable(),
  days_in_period: z.int(),
  days_covered: z.int(),
  provisional_days: z.array(z.string()).readonly(),
  data_refreshed_at: z.string().nullable(),
  period_active_users: value,
  weekly_active_users: value.describe("seven days that end with the last complete one"),
  monthly_active_users: value,
  mau_window_days: z.literal(30),
  active_person_days: value,
  stickiness_dau_mau: z.number().nullable().describe("0 to 1"),
  adoption_rate_pct: pct,
  sessions: value,
  commits: value,
  pull_requests: value,
  pull_requests_merged: value,
  lines_added: value,
  lines_removed: value,
  actions_accepted: value,
  actions_rejected: value,
  actions_by_tool: z.record(z.string(), z.object({ accepted: value, rejected: value })).nullable(),
  input_tokens: value.describe("uncached"),
  output_tokens: value,
  cache_read_tokens: value,
  cache_creation_tokens: value,
  cache_hit_rate_pct: pct,
  requests: value,
  cost_per_session_usd: money,
  cost_per_commit_usd: money,
  cost_per_pr_usd: money,
  cost_per_1k_lines_usd: money,
  by_population: z.array(z.object({ population: z.string(), ...sums })).nullable(),
  by_team: z.array(z.object({ team: z.string().nullable(), active_users: value, ...sums })).nullable(),
  by_user: z.array(z.object({ user: z.string(), active_days: value, ...sums })).nullable(),
  unmapped: z.object({ actors: z.number().nullable(), cost_usd: money, tokens: value }),
  warnings: z.array(z.string()),
  metadata: z.object({
    unavailable_fields: z.array(z.string()),
    field_notes: z.record(z.string(), note),
  }),
});

export type CodingToolMetrics = z.output<typeof codingToolMetricsShape>;
export type FieldNote = z.output<typeof note>;
