import type {
  AnalyticsCostRow,
  AnalyticsQuery,
  AnalyticsUsageRow,
  ApiKey,
  Bucket,
  BucketWidth,
  ClaudeCodeRecord,
  CostQuery,
  CostResult,
  MessagesUsageQuery,
  MessagesUsageResult,
  Truth,
  User,
  Workspace,
  World,
} from "../../src/emulator/world/types.ts";
import { bucketTime } from "../../src/emulator/server/ids.ts";
import { WIDTH_MS } from "../../src/emulator/server/report-range.ts";

const DAY_MS = WIDTH_MS["1d"];
const STARTS_AT = Date.UTC(2026, 10, 21);
const MODELS = ["claude-opus-5-5", "claude-haiku-5-5"] as const;
const id = (prefix: string, n: number): string => `${prefix}_01${String(n).padStart(22, "A")}`;

/** The ids of the tiny world that tests name. */
export const TINY = {
  organization: "4f0c1d2e-3a4b-4c5d-8e6f-7a8b9c0d1e2f",
  admin: id("user", 1),
  developer: id("user", 2),
  billing: id("user", 3),
  defaultWorkspace: id("wrkspc", 1),
  workspace: id("wrkspc", 2),
  archivedWorkspace: id("wrkspc", 3),
  claudeCodeWorkspace: id("wrkspc", 4),
  key: id("apikey", 1),
  pendingInvite: id("invite", 1),
  rateLimit: "rl_0001",
  spendLimit: id("spl", 1),
  tierLimit: id("spl", 2),
} as const;

/**
 * A small world made by hand for tests of the HTTP face: two models of traffic on every day, `codeRows` Claude Code
 * records a day, and one object of every kind.
 */
export function tinyWorld(codeRows = 3): World {
  const users = [
    user(1, "Ada Example", "admin"),
    user(2, "Grace Example", "developer"),
    user(3, "Bill Example", "billing"),
    ...[4, 5, 6].map((n) => user(n, `Person ${n}`, "claude_code_user")),
  ];
  const workspaces = [
    workspace(1, "Default", null),
    workspace(2, "Checkout service", null),
    workspace(3, "Old experiments", "2026-06-01T00:00:00.000000Z"),
    workspace(4, "Claude Code", null),
  ];
  const group = { id: id("rlg", 1), type: "model_group", display_name: "Claude Opus 5.x" };
  const batch = { id: id("rlg", 2), type: "batch" };
  return {
    options: { seed: 1, people: 6, days: 40, end: "2026-11-20", scale: 1 },
    startsAt: STARTS_AT,
    overlay: { version: 0, restate: () => () => {}, vanish: () => () => {}, clear: () => {} },
    directory: {
      organization: { id: TINY.organization, type: "organization", name: "Example Corp" },
      users,
      removedUsers: [],
      invites: [invite(1, "pending"), invite(2, "accepted"), invite(3, "expired")],
      workspaces,
      defaultWorkspaceId: TINY.defaultWorkspace,
      members: users.slice(0, 3).map((member) => ({
        type: "workspace_member" as const,
        workspace_id: TINY.workspace,
        user_id: member.id,
        workspace_role:
          member.role === "admin"
            ? "workspace_admin"
            : member.role === "billing"
              ? "workspace_billing"
              : "workspace_developer",
      })),
      apiKeys: [
        apiKey(1, "checkout-prod", TINY.workspace, "active"),
        apiKey(2, "playground", TINY.defaultWorkspace, "inactive"),
        { ...apiKey(3, "short-lived", TINY.workspace, "active"), expires_at: "2026-12-01T00:00:00.000000Z" },
        apiKey(4, "claude_code_key_grace", TINY.claudeCodeWorkspace, "active"),
        { ...apiKey(5, "legacy", TINY.workspace, "archived"), created_by: null, partial_key_hint: null },
      ],
      serviceAccountIds: [],
      rateLimits: [
        {
          id: TINY.rateLimit,
          type: "rate_limit",
          group,
          group_type: "model_group",
          models: ["claude-opus-5", "claude-opus-5-5"],
          limits: [
            { type: "requests_per_minute", value: 4000 },
            { type: "output_tokens_per_minute", value: 800_000 },
          ],
        },
        {
          id: "rl_0002",
          type: "rate_limit",
          group: batch,
          group_type: "batch",
          models: null,
          limits: [{ type: "enqueued_batch_requests", value: 500_000 }],
        },
      ],
      workspaceRateLimits: [
        {
          rate_limit_id: TINY.rateLimit,
          type: "workspace_rate_limit",
          workspace_id: TINY.workspace,
          group,
          group_type: "model_group",
          models: ["claude-opus-5", "claude-opus-5-5"],
          limits: [{ type: "requests_per_minute", value: 1000, org_limit: 4000, source: { type: "workspace" } }],
        },
      ],
      spendLimits: [
        spendLimit(TINY.spendLimit, { type: "workspace", workspace_id: TINY.workspace }, "50000"),
        spendLimit(TINY.tierLimit, { type: "usage_tier" }, "20000000"),
      ],
    },
    messagesUsage,
    costReport,
    claudeCode: (day, now) => (Date.parse(day) + DAY_MS > now ? [] : claudeCode(day, codeRows)),
    analyticsUsage,
    analyticsCost,
    roster: () => "email\n",
    keyOwners: () => "actor,person,service\n",
    truth: (): Truth => {
      throw new Error("the tiny world has no truth");
    },
  };
}

function user(n: number, name: string, role: string): User {
  const email = `${name.toLowerCase().replace(" ", ".")}@example.com`;
  return { id: id("user", n), type: "user", email, name, role, added_at: `2026-01-0${n}T09:00:00.000000Z` };
}

function invite(n: number, status: "pending" | "accepted" | "expired") {
  return {
    id: id("invite", n),
    type: "invite" as const,
    email: `guest${n}@example.com`,
    role: "developer",
    status,
    invited_at: `2026-11-1${n}T08:00:00.000000Z`,
    expires_at: `2026-12-0${n}T08:00:00.000000Z`,
    accepted_at: status === "accepted" ? "2026-11-13T08:00:00.000000Z" : null,
    rbac_group_ids: [],
  };
}

function workspace(n: number, name: string, archivedAt: string | null): Workspace {
  return {
    id: id("wrkspc", n),
    type: "workspace",
    name,
    created_at: `2026-02-0${n}T10:00:00.000000Z`,
    archived_at: archivedAt,
    display_color: "#6C5BB9",
    data_residency: {
      workspace_geo: "us",
      allowed_inference_geos: n === 2 ? ["us"] : "unrestricted",
      default_inference_geo: n === 2 ? "us" : "global",
    },
    compartment_id: "9d8c7b6a-5f4e-4d3c-9b2a-1f0e9d8c7b6a",
    external_key_id: null,
    tags: { env: "prod" },
    user_profile_id: null,
  };
}

function apiKey(n: number, name: string, workspaceId: string, status: ApiKey["status"]): ApiKey {
  return {
    id: id("apikey", n),
    type: "api_key",
    name,
    status,
    created_at: `2026-03-0${n}T11:30:00.000000Z`,
    created_by: { id: TINY.developer, type: "user" },
    expires_at: null,
    partial_key_hint: "sk-ant-api03-Q7x...9fAA",
    principal: null,
    scope: { type: "workspace", workspace_id: workspaceId },
    workspace_id: workspaceId === TINY.defaultWorkspace ? null : workspaceId,
  };
}

function spendLimit(limitId: string, scope: World["directory"]["spendLimits"][number]["scope"], amount: string) {
  return {
    id: limitId,
    type: "spend_limit" as const,
    scope,
    amount,
    currency: "USD" as const,
    period: "monthly" as const,
    is_enabled: true,
    created_at: "2026-10-02T00:00:00Z",
    updated_at: "2026-10-02T00:00:00Z",
  };
}

function buckets<Row>(
  from: number,
  to: number,
  width: BucketWidth,
  now: number,
  rows: (at: number) => Row[],
): Bucket<Row>[] {
  const list: Bucket<Row>[] = [];
  for (let at = from; at < to; at += WIDTH_MS[width]) {
    list.push({
      starting_at: bucketTime(at),
      ending_at: bucketTime(at + WIDTH_MS[width]),
      results: at < now ? rows(at) : [],
    });
  }
  return list;
}

function messagesUsage(query: MessagesUsageQuery, now: number): Bucket<MessagesUsageResult>[] {
  const has = (name: string): boolean => query.groupBy.includes(name);
  return buckets(query.from, query.to, query.width, now, (at) =>
    (has("model") ? MODELS : [null]).map((model, index) => ({
      uncached_input_tokens: 1000 + Math.floor(at / DAY_MS) + index,
      cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 300 },
      cache_read_input_tokens: 5000,
      output_tokens: 400 + index,
      server_tool_use: { web_search_requests: 2 },
      account_id: null,
      api_key_id: has("api_key_id") ? TINY.key : null,
      context_window: has("context_window") ? "0-200k" : null,
      inference_geo: has("inference_geo") ? "global" : null,
      model,
      service_account_id: null,
      service_tier: has("service_tier") ? "standard" : null,
      workspace_id: has("workspace_id") ? TINY.workspace : null,
      ...(has("speed") ? { speed: "standard" } : {}),
    })),
  );
}

function costReport(query: CostQuery, now: number): Bucket<CostResult>[] {
  const parsed = query.groupBy.includes("description");
  return buckets(query.from, query.to, "1d", now, () =>
    (parsed ? MODELS : [null]).map((model) => ({
      amount: "256.840200",
      currency: "USD",
      cost_type: parsed ? "tokens" : null,
      description: parsed ? `${model} Usage - Input Tokens` : null,
      context_window: parsed ? "0-200k" : null,
      inference_geo: parsed ? "global" : null,
      model,
      service_tier: parsed ? "standard" : null,
      token_type: parsed ? "uncached_input_tokens" : null,
      workspace_id: query.groupBy.includes("workspace_id") ? TINY.workspace : null,
    })),
  );
}

function claudeCode(day: string, count: number): ClaudeCodeRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    date: `${day}T00:00:00Z`,
    organization_id: TINY.organization,
    actor:
      index === 0
        ? { type: "api_actor" as const, api_key_name: "ci-review-bot" }
        : { type: "user_actor" as const, email_address: `person${index}@example.com` },
    customer_type: "api" as const,
    subscription_type: null,
    terminal_type: "vscode",
    is_remote: false,
    core_metrics: {
      num_sessions: 4,
      lines_of_code: { added: 812, removed: 240 },
      commits_by_claude_code: 6,
      pull_requests_by_claude_code: 1,
    },
    tool_actions: { edit_tool: { accepted: 31, rejected: 4 } },
    model_breakdown: [
      {
        model: MODELS[0],
        tokens: { input: 48_210, output: 21_904, cache_read: 910_233, cache_creation: 60_112 },
        estimated_cost: { amount: 111, currency: "USD" as const },
      },
    ],
  }));
}

const ANALYTICS_DIMENSIONS =
  "actor actor_type agent_id api_key_id claude_tag_category claude_tag_user_id context_window deployment_id environment_id inference_geo model organization_id product rbac_group_id service_tier session_id slack_channel_id speed user_profile_id workspace_id".split(
    " ",
  );

function groups(query: AnalyticsQuery, dimensions: readonly string[]): Record<string, unknown>[] {
  const empty = Object.fromEntries(dimensions.map((name) => [name, null]));
  const split = (rows: Record<string, unknown>[], name: string, values: readonly unknown[]) =>
    query.groupBy.includes(name)
      ? rows.flatMap((row) => values.map((value) => Object.assign({}, row, { [name]: value })))
      : rows;
  const byModel = split([empty], "model", MODELS);
  const byType = split(byModel, "cost_type", ["tokens"]);
  return split(byType, "token_type", ["output_tokens", "uncached_input_tokens"]);
}

function spans(query: AnalyticsQuery, now: number): { starting_at: string; ending_at: string }[] {
  if (query.width !== null) {
    return buckets(query.from, query.to, query.width, now, () => [0]).filter((bucket) => bucket.results.length > 0);
  }
  return [{ starting_at: bucketTime(query.from), ending_at: bucketTime(query.to) }];
}

function analyticsUsage(query: AnalyticsQuery, now: number): AnalyticsUsageRow[] {
  return spans(query, now).flatMap(({ starting_at, ending_at }) =>
    groups(query, ANALYTICS_DIMENSIONS).map((group, index) => ({
      starting_at,
      ending_at,
      group,
      usage: {
        uncached_input_tokens: 1000 + index,
        cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
        cache_read_input_tokens: 0,
        output_tokens: 100,
        total_tokens: 1100 + index,
        requests: 12,
        server_tool_use: { web_search_requests: 0 },
      },
    })),
  );
}

function analyticsCost(query: AnalyticsQuery, now: number): AnalyticsCostRow[] {
  const dimensions = [...ANALYTICS_DIMENSIONS, "cost_type", "token_type"];
  return spans(query, now).flatMap(({ starting_at, ending_at }) =>
    groups(query, dimensions).map((group, index) => ({
      starting_at,
      ending_at,
      group,
      cost: { amount: `${361 + index}.689300`, list_amount: `${401 + index}.877000`, currency: "USD", requests: null },
    })),
  );
}
