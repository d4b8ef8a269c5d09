/** Rows of the reports as upstream writes them, for tests that need more than the worked example. */
import { dayText } from "../../src/domain/index.ts";
import type { DayNumber, Json, JsonObject } from "../../src/domain/index.ts";
import { ORGANIZATION } from "./metrics-store.ts";
import type { TestRecord } from "./metrics-store.ts";

interface Tokens {
  readonly uncached?: number;
  readonly output?: number;
  readonly read?: number;
  readonly write5m?: number;
  readonly write1h?: number;
  readonly searches?: number;
}

function tokens({ uncached = 0, output = 0, read = 0, write5m = 0, write1h = 0, searches = 0 }: Tokens): JsonObject {
  return {
    uncached_input_tokens: uncached,
    cache_creation: { ephemeral_5m_input_tokens: write5m, ephemeral_1h_input_tokens: write1h },
    cache_read_input_tokens: read,
    output_tokens: output,
    server_tool_use: { web_search_requests: searches },
  };
}

/** A result of the messages report, with the dimensions it was grouped by. */
export function messagesRow(day: DayNumber, dims: JsonObject, counts: Tokens): TestRecord {
  const none: JsonObject = {
    account_id: null,
    api_key_id: null,
    context_window: null,
    inference_geo: null,
    model: null,
    service_account_id: null,
    service_tier: null,
    speed: null,
    workspace_id: null,
  };
  return {
    day,
    key: [ORGANIZATION, dayText(day), JSON.stringify(dims)],
    data: { ...tokens(counts), ...none, ...dims },
  };
}

export function costRow(day: DayNumber, dims: JsonObject, cents: string, currency = "USD"): TestRecord {
  const none: JsonObject = {
    context_window: null,
    cost_type: "tokens",
    description: "Usage",
    inference_geo: null,
    model: null,
    service_tier: null,
    token_type: null,
    workspace_id: null,
  };
  const data = { ...none, ...dims, amount: cents, currency };
  return { day, key: [ORGANIZATION, dayText(day), JSON.stringify(dims)], data };
}

export function analyticsCostRow(day: DayNumber, group: JsonObject, cents: string, listCents: string): TestRecord {
  const data: JsonObject = {
    starting_at: `${dayText(day)}T00:00:00Z`,
    group: {
      actor: null,
      actor_type: null,
      api_key_id: null,
      workspace_id: null,
      model: null,
      product: null,
      cost_type: "tokens",
      token_type: null,
      ...group,
    },
    cost: { amount: cents, list_amount: listCents, currency: "USD", requests: null },
  };
  return { day, key: [ORGANIZATION, dayText(day), JSON.stringify(group)], data };
}

export function analyticsUsageRow(day: DayNumber, group: JsonObject, counts: Tokens, requests: number): TestRecord {
  const data: JsonObject = {
    starting_at: `${dayText(day)}T00:00:00Z`,
    group: {
      actor: null,
      actor_type: null,
      api_key_id: null,
      workspace_id: null,
      model: null,
      product: null,
      ...group,
    },
    usage: { ...tokens(counts), total_tokens: 0, requests },
  };
  return { day, key: [ORGANIZATION, dayText(day), JSON.stringify(group)], data };
}

interface Activity {
  readonly actor: string;
  readonly terminal?: string;
  readonly customerType?: string;
  readonly sessions?: number;
  readonly commits?: number;
  /** Model, input tokens, cents, currency; null for a record without a breakdown. */
  readonly models?: readonly (readonly [string, number, number, string?])[] | null;
}

/** A row of the Claude Code report. An actor without an `@` is a key. */
export function activityRow(day: DayNumber, activity: Activity): TestRecord {
  const { actor, terminal = "vscode", customerType = "api", sessions = 1, commits = 0, models = [] } = activity;
  const named: JsonObject = actor.includes("@")
    ? { type: "user_actor", email_address: actor }
    : { type: "api_actor", api_key_name: actor };
  const data: JsonObject = {
    date: `${dayText(day)}T00:00:00Z`,
    organization_id: ORGANIZATION,
    actor: named,
    customer_type: customerType,
    subscription_type: null,
    terminal_type: terminal,
    is_remote: false,
    core_metrics: {
      num_sessions: sessions,
      lines_of_code: { added: 0, removed: 0 },
      commits_by_claude_code: commits,
      pull_requests_by_claude_code: 0,
    },
    tool_actions: {},
    model_breakdown: (models ?? []).map(([model, input, cents, currency = "USD"]): Json => ({
      model,
      tokens: { input, output: 0, cache_read: 0, cache_creation: 0 },
      estimated_cost: { amount: cents, currency },
    })),
  };
  return { day, key: [ORGANIZATION, dayText(day), actor, terminal, customerType], data };
}
