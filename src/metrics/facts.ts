import type { CostKind, SourceChoice } from "./types.ts";

/** What can be summed, whoever reports it. `cost` is one of four kinds that are never added together. */
export type Quantity =
  | "uncached_input"
  | "output"
  | "cache_read"
  | "cache_creation"
  | "requests"
  | "web_searches"
  | "sessions"
  | "commits"
  | "pull_requests"
  | "lines_added"
  | "lines_removed"
  | "accepted"
  | "rejected"
  | `cost_${CostKind}`
  | `claude_code_cost_${CostKind}`;

/** One table as a source of quantities: where each stands, and what its rows may be called. */
export interface Fact {
  readonly table: string;
  /** The stream it is a projection of: the `source` of every row of an answer. */
  readonly stream: string;
  readonly family: SourceChoice;
  readonly gives: Readonly<Partial<Record<Quantity, Given>>>;
}

export interface Given {
  /** Columns added up. */
  readonly columns: readonly string[];
  /** Rows that count, where the table holds others too. */
  readonly only?: RowRule;
  /** Said with the answer whenever this was read. */
  readonly caveat?: { readonly code: string; readonly message: string };
}

/** A stored column that is, or is not, one text. */
export interface RowRule {
  readonly column: string;
  readonly is?: string;
  readonly isNot?: string;
}

export const NOT_SUBSCRIPTION: RowRule = { column: "customer_type", isNot: "subscription" };
export const SUBSCRIPTION: RowRule = { column: "customer_type", is: "subscription" };
const CLAUDE_CODE: RowRule = { column: "product", is: "claude_code" };

const messages = {
  uncached_input: { columns: ["uncached_input_tokens"] },
  output: { columns: ["output_tokens"] },
  cache_read: { columns: ["cache_read_input_tokens"] },
  cache_creation: { columns: ["cache_creation_5m_input_tokens", "cache_creation_1h_input_tokens"] },
  web_searches: { columns: ["web_search_requests"] },
} as const;

/** In order of preference: the first that has the asked dimensions answers. */
export const facts: readonly Fact[] = [
  { table: "usage_total", stream: "usage_total", family: "messages", gives: messages },
  { table: "usage_by_key", stream: "usage_by_key", family: "messages", gives: messages },
  { table: "usage_by_person", stream: "usage_by_person", family: "messages", gives: messages },
  {
    table: "analytics_usage",
    stream: "analytics_usage",
    family: "analytics",
    gives: { ...messages, requests: { columns: ["requests"] } },
  },
  {
    table: "claude_code_activity",
    stream: "claude_code",
    family: "claude_code",
    gives: {
      sessions: { columns: ["sessions"] },
      commits: { columns: ["commits"] },
      pull_requests: { columns: ["pull_requests"] },
      lines_added: { columns: ["lines_added"] },
      lines_removed: { columns: ["lines_removed"] },
      accepted: { columns: ["actions_accepted"] },
      rejected: { columns: ["actions_rejected"] },
    },
  },
  {
    table: "claude_code_tools",
    stream: "claude_code",
    family: "claude_code",
    gives: { accepted: { columns: ["accepted"] }, rejected: { columns: ["rejected"] } },
  },
  {
    table: "claude_code_models",
    stream: "claude_code",
    family: "claude_code",
    gives: {
      uncached_input: { columns: ["input_tokens"] },
      output: { columns: ["output_tokens"] },
      cache_read: { columns: ["cache_read_tokens"] },
      cache_creation: { columns: ["cache_creation_tokens"] },
      cost_estimated: { columns: ["estimated_cost_pico"], only: NOT_SUBSCRIPTION },
      cost_notional: { columns: ["estimated_cost_pico"], only: SUBSCRIPTION },
      claude_code_cost_estimated: { columns: ["estimated_cost_pico"], only: NOT_SUBSCRIPTION },
      claude_code_cost_notional: { columns: ["estimated_cost_pico"], only: SUBSCRIPTION },
    },
  },
  {
    table: "analytics_cost",
    stream: "analytics_cost",
    family: "analytics",
    gives: {
      cost_list: { columns: ["list_amount_pico"] },
      cost_net: { columns: ["amount_pico"] },
      claude_code_cost_list: { columns: ["list_amount_pico"], only: CLAUDE_CODE },
      claude_code_cost_net: { columns: ["amount_pico"], only: CLAUDE_CODE },
    },
  },
  {
    table: "cost_lines",
    stream: "cost_report",
    family: "cost_report",
    gives: {
      cost_net: {
        columns: ["amount_pico"],
        caveat: {
          code: "net_or_list_unknown",
          message: "The cost report does not say whether its amounts are before or after a discount.",
        },
      },
    },
  },
];

/** The words of the cost report for kinds of tokens, by the column that counts them. */
export const TOKEN_TYPES: Readonly<Record<string, string>> = {
  uncached_input_tokens: "uncached_input_tokens",
  input_tokens: "uncached_input_tokens",
  cache_creation_5m_input_tokens: "cache_creation.ephemeral_5m_input_tokens",
  cache_creation_1h_input_tokens: "cache_creation.ephemeral_1h_input_tokens",
  // Claude Code reports one figure for both lifetimes.
  cache_creation_tokens: "cache_creation",
  cache_read_input_tokens: "cache_read_input_tokens",
  cache_read_tokens: "cache_read_input_tokens",
  output_tokens: "output_tokens",
};
