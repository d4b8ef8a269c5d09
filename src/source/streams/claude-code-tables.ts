import { count, day, defineTable, dim, pico, type Column } from "../../domain/index.ts";

/** What tells one activity record from another. */
const RECORD_KEY = [
  "organization_id",
  "day",
  "actor_kind",
  "actor",
  "customer_type",
  "subscription_type",
  "terminal_type",
  "is_remote",
] as const;

const recordColumns = {
  organization_id: dim("organization"),
  day: day(),
  actor_kind: dim("actor_kind"),
  /** `user:E-MAIL`, `key:NAME`, `KIND:…`: exactly as reported; people are joined when a question is asked. */
  actor: dim("actor"),
  customer_type: dim("customer_type"),
  subscription_type: dim("subscription_type"),
  terminal_type: dim("terminal_type"),
  is_remote: dim("flag"),
  /** The actor again unless it is a person, so that the daily sums keep bots apart without keeping every person. */
  service_actor: dim("actor"),
} satisfies Record<string, Column>;

/** Rows that say of no token: a session among them came without a breakdown by model, unless a model says 0. */
export const WITHOUT_TOKENS = "tokens is null or tokens = 0";

const ACTIVITY_COUNTS = [
  "sessions",
  "lines_added",
  "lines_removed",
  "commits",
  "pull_requests",
  "actions_accepted",
  "actions_rejected",
  "tokens",
] as const;

export const claudeCodeActivityTable = defineTable({
  name: "claude_code_activity",
  doc: "What an actor did with Claude Code on a day, by terminal, customer and subscription type.",
  key: RECORD_KEY,
  columns: {
    ...recordColumns,
    sessions: count(),
    lines_added: count(),
    lines_removed: count(),
    commits: count(),
    pull_requests: count(),
    actions_accepted: count(),
    actions_rejected: count(),
    tokens: count(),
  },
  distribute: "actor",
  rollups: [
    {
      name: "claude_code_daily",
      by: ["organization_id", "day", "service_actor", "customer_type", "terminal_type"],
      sums: ACTIVITY_COUNTS,
    },
  ],
  rare: [{ name: "without_tokens", columns: ["organization_id", "day", "sessions"], where: WITHOUT_TOKENS }],
});

/**
 * When an actor counts as active on a day: any of the rule's columns, summed over the day's rows, is above 0.
 *
 * `any` interaction, `token` use, or `engaged` with a result. Counts are never negative, so "their sum is above zero"
 * is "one of them is".
 */
export const claudeCodeActiveDays = {
  table: claudeCodeActivityTable,
  /** Whose codes number the bits of the daily sets. */
  actor: "actor",
  rules: {
    any: ACTIVITY_COUNTS,
    token: ["tokens"],
    engaged: ["actions_accepted", "commits", "pull_requests"],
  },
} as const;

const MODEL_COUNTS = ["input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens"] as const;

export const claudeCodeModelsTable = defineTable({
  name: "claude_code_models",
  doc: "Tokens and the source's estimate of cost in Claude Code, by actor, day and model. An estimate is no bill.",
  key: [...RECORD_KEY, "model"],
  recordKey: RECORD_KEY,
  columns: {
    ...recordColumns,
    model: dim("model"),
    input_tokens: count(),
    output_tokens: count(),
    cache_read_tokens: count(),
    cache_creation_tokens: count(),
    estimated_cost_pico: pico(),
    currency: dim("currency"),
  },
  distribute: "actor",
  rollups: [
    {
      name: "claude_code_models_daily",
      // The model before the bots: sums by model and day then come out of the key in order, without sorting.
      by: ["organization_id", "day", "model", "currency", "customer_type", "service_actor"],
      sums: [...MODEL_COUNTS, "estimated_cost_pico"],
    },
  ],
});

export const claudeCodeToolsTable = defineTable({
  name: "claude_code_tools",
  doc: "Accepted and rejected tool actions in Claude Code, by actor, day and tool.",
  key: [...RECORD_KEY, "tool"],
  recordKey: RECORD_KEY,
  columns: { ...recordColumns, tool: dim("tool"), accepted: count(), rejected: count() },
  distribute: "actor",
  rollups: [
    {
      name: "claude_code_tools_daily",
      by: ["organization_id", "day", "service_actor", "customer_type", "tool"],
      sums: ["accepted", "rejected"],
    },
  ],
});
