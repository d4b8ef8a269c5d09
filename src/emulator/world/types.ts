/**
 * The border between the emulator's invented organization (`world/`) and its HTTP face (`server/`).
 *
 * The world answers already validated questions with whole, unpaged results in the API's own field names; the server
 * parses, refuses, pages, versions and spoils them. Nothing here imports anything from outside `src/emulator`.
 */

export interface WorldOptions {
  /** Seeds every choice. The truth depends on `seed`, `people`, `days`, `end` and `scale` alone. */
  readonly seed: number;
  readonly people: number;
  /** Days of history, ending with `end` (inclusive). */
  readonly days: number;
  /** Last whole day of the history, `YYYY-MM-DD`, UTC. The emulator's clock starts on the day after. */
  readonly end: string;
  /** Multiplies the amount of activity per person (1 = a usual office). */
  readonly scale: number;
  /** Names in place of the invented ones, in turn, for whatever somebody there named; figures are the same. */
  readonly names?: readonly string[];
}

export interface World {
  readonly options: WorldOptions;
  /** API objects in the newest shape plus the fields that only 2023-06-01 has; the server drops what a version lacks. */
  readonly directory: Directory;
  /** Milliseconds: first instant after the history, the moment at which the emulator's clock starts. */
  readonly startsAt: number;
  /** Later changes of the past that a fault may ask for; nothing is set at first. */
  readonly overlay: WorldOverlay;
  messagesUsage(query: MessagesUsageQuery, now: number): Bucket<MessagesUsageResult>[];
  costReport(query: CostQuery, now: number): Bucket<CostResult>[];
  /** All rows of one UTC day visible at `now`, in a stable order. */
  claudeCode(day: string, now: number): ClaudeCodeRecord[];
  analyticsUsage(query: AnalyticsQuery, now: number): AnalyticsUsageRow[];
  analyticsCost(query: AnalyticsQuery, now: number): AnalyticsCostRow[];
  /**
   * What a faithful reader must have, once everything late has arrived, for the whole history. It ignores the overlay:
   * clear the overlay before comparing, or apply the same change to both sides.
   */
  truth(): Truth;
  /** What human resources know of the people, as CSV; no API gives it. */
  roster(): string;
  /** Who answers for most of the keys, as CSV of actor, person and service; no API gives it either. */
  keyOwners(): string;
}

/** `analytics` is both analytics reports; `messages`, `cost` and `claude_code` are the three legacy ones. */
export type WorldStream = "messages" | "cost" | "claude_code" | "analytics";

/**
 * A mutable layer over the figures, so that a fault can restate a past day or let a row vanish (F57 to F59).
 * Every change works at once, for all later questions about that stream alone, until it is undone.
 */
export interface WorldOverlay {
  /** Grows with every change, so that a page token can tell which state it was cut from. */
  readonly version: number;
  /**
   * Multiplies every figure of that UTC day in that stream (counts are rounded to integers at the finest grain, so that
   * all cuts still agree). Several factors of one day multiply. Returns the undo.
   */
  restate(change: { readonly day: string; readonly stream: WorldStream; readonly factor: number }): () => void;
  /**
   * Removes one row of that UTC day: the `nth` (modulo their number) in stable order. A row is: one record of
   * `claude_code`; everything of one (workspace, API key, model) in `messages` and `analytics`; one (workspace,
   * description) line in `cost`. Several vanishings of one day may be set. Returns the undo.
   */
  vanish(change: { readonly day: string; readonly stream: WorldStream; readonly nth: number }): () => void;
  clear(): void;
}

/** The directory as it stands at `startsAt`; it does not follow `now`. */
export interface Directory {
  organization: { id: string; type: "organization"; name: string };
  users: User[];
  /** Users removed in the past: they stay in history and as creators of keys, but no list shows them. */
  removedUsers: User[];
  invites: Invite[];
  /** All of them: the archived ones and the default workspace too. */
  workspaces: Workspace[];
  defaultWorkspaceId: string;
  members: WorkspaceMember[];
  apiKeys: ApiKey[];
  serviceAccountIds: string[];
  rateLimits: RateLimit[];
  /**
   * Groups in which a workspace overrides something, with all their limiters: those whose source is the organization are
   * the inherited ones, to be shown only on demand. Groups without an override are not here.
   */
  workspaceRateLimits: WorkspaceRateLimit[];
  spendLimits: SpendLimit[];
}

export interface User {
  id: string;
  type: "user";
  email: string;
  name: string;
  role: string;
  added_at: string;
}

export interface Invite {
  id: string;
  type: "invite";
  email: string;
  role: string;
  status: "pending" | "accepted" | "expired" | "deleted";
  invited_at: string;
  expires_at: string;
  accepted_at: string | null;
  rbac_group_ids: string[];
}

export interface Workspace {
  id: string;
  type: "workspace";
  name: string;
  created_at: string;
  archived_at: string | null;
  display_color: string;
  data_residency: {
    workspace_geo: string;
    allowed_inference_geos: "unrestricted" | string[];
    default_inference_geo: string;
  };
  compartment_id: string;
  external_key_id: string | null;
  tags: Record<string, string>;
  user_profile_id: string | null;
}

export interface WorkspaceMember {
  type: "workspace_member";
  workspace_id: string;
  user_id: string;
  workspace_role: string;
}

export interface ApiKey {
  id: string;
  type: "api_key";
  name: string;
  status: "active" | "inactive" | "archived" | "expired";
  created_at: string;
  created_by: { id: string; type: "user" | "service_account" } | null;
  expires_at: string | null;
  partial_key_hint: string | null;
  principal:
    | { type: "user_actor"; user_id: string }
    | { type: "service_account_actor"; service_account_id: string }
    | null;
  scope: { type: "workspace"; workspace_id: string } | { type: "organization" };
  /** 2023-06-01 only; null for the default workspace and for unscoped keys. */
  workspace_id: string | null;
}

export interface RateLimitGroup {
  id: string;
  type: string;
  display_name?: string;
}

export interface RateLimit {
  id: string;
  type: "rate_limit";
  group: RateLimitGroup;
  /** 2023-06-01 only. */
  group_type: string;
  models: string[] | null;
  limits: { type: string; value: number }[];
}

export interface WorkspaceRateLimit {
  rate_limit_id: string;
  type: "workspace_rate_limit";
  workspace_id: string;
  group: RateLimitGroup;
  group_type: string;
  models: string[] | null;
  limits: { type: string; value: number; org_limit: number | null; source: { type: "workspace" | "organization" } }[];
}

export interface SpendLimit {
  id: string;
  type: "spend_limit";
  scope: { type: "organization" } | { type: "workspace"; workspace_id: string } | { type: "usage_tier" };
  amount: string | null;
  currency: "USD";
  period: "monthly";
  is_enabled: boolean;
  created_at: string;
  updated_at: string;
}

export type BucketWidth = "1d" | "1h" | "1m";

export interface MessagesUsageQuery {
  /** Milliseconds, bucket-aligned, half-open. */
  readonly from: number;
  readonly to: number;
  readonly width: BucketWidth;
  readonly groupBy: readonly string[];
  /**
   * Dimension name (`api_key_id`, `model`, …) to the accepted values; values of one dimension are or-ed. The default
   * workspace answers to its real id here.
   */
  readonly filters: Readonly<Record<string, readonly string[]>>;
}

export interface CostQuery {
  readonly from: number;
  readonly to: number;
  readonly groupBy: readonly string[];
}

/** The twenty dimensions of both reports. Those without a source in this organization stay null. */
export const ANALYTICS_DIMENSIONS = [
  "actor",
  "actor_type",
  "agent_id",
  "api_key_id",
  "claude_tag_category",
  "claude_tag_user_id",
  "context_window",
  "deployment_id",
  "environment_id",
  "inference_geo",
  "model",
  "organization_id",
  "product",
  "rbac_group_id",
  "service_tier",
  "session_id",
  "slack_channel_id",
  "speed",
  "user_profile_id",
  "workspace_id",
] as const;

export interface AnalyticsQuery {
  readonly from: number;
  readonly to: number;
  /** Null: one row per group for the whole range. */
  readonly width: BucketWidth | null;
  readonly groupBy: readonly string[];
  /**
   * By dimension name as above. `actor` takes ids (`user_…`, `svac_…`, `apikey_…`); the empty string in `api_key_id`
   * means usage without a key; `not_available` in `inference_geo` means usage whose group shows null.
   */
  readonly filters: Readonly<Record<string, readonly string[]>>;
  readonly excludeDeletedUsers: boolean;
}

/** One bucket; empty ones included, oldest first. Times are `2026-11-01T00:00:00Z`. */
export interface Bucket<Row> {
  starting_at: string;
  ending_at: string;
  results: Row[];
}

export interface MessagesUsageResult {
  uncached_input_tokens: number;
  cache_creation: { ephemeral_1h_input_tokens: number; ephemeral_5m_input_tokens: number };
  cache_read_input_tokens: number;
  output_tokens: number;
  server_tool_use: { web_search_requests: number };
  account_id: string | null;
  api_key_id: string | null;
  context_window: string | null;
  inference_geo: string | null;
  model: string | null;
  service_account_id: string | null;
  service_tier: string | null;
  /** Null for the default workspace, also when grouped. */
  workspace_id: string | null;
  /** Present only when grouped by speed. */
  speed?: string | null;
}

export interface CostResult {
  /** Decimal cents, six decimals. */
  amount: string;
  currency: "USD";
  cost_type: string | null;
  description: string | null;
  context_window: string | null;
  inference_geo: string | null;
  model: string | null;
  service_tier: string | null;
  token_type: string | null;
  workspace_id: string | null;
}

export interface ClaudeCodeRecord {
  date: string;
  organization_id: string;
  actor: { type: "user_actor"; email_address: string } | { type: "api_actor"; api_key_name: string };
  customer_type: "api" | "subscription";
  subscription_type: "enterprise" | "team" | null;
  terminal_type: string;
  is_remote: boolean;
  core_metrics: {
    num_sessions: number;
    lines_of_code: { added: number; removed: number };
    commits_by_claude_code: number;
    pull_requests_by_claude_code: number;
  };
  tool_actions: Record<string, { accepted: number; rejected: number }>;
  model_breakdown: {
    model: string;
    tokens: { input: number; output: number; cache_read: number; cache_creation: number };
    /** Whole cents, an estimate: it differs from the bill by rounding, discounts and non-token charges. */
    estimated_cost: { amount: number; currency: "USD" };
  }[];
}

export interface AnalyticsUsageRow {
  starting_at: string;
  ending_at: string;
  /** Every dimension present, null unless grouped. */
  group: Record<string, unknown>;
  usage: {
    uncached_input_tokens: number;
    cache_creation: { ephemeral_1h_input_tokens: number; ephemeral_5m_input_tokens: number };
    cache_read_input_tokens: number;
    output_tokens: number;
    total_tokens: number;
    requests: number | null;
    server_tool_use: { web_search_requests: number };
  };
}

export interface AnalyticsCostRow {
  starting_at: string;
  ending_at: string;
  group: Record<string, unknown>;
  cost: { amount: string; list_amount: string; currency: "USD"; requests: number | null };
}

/** Totals over the whole history. Money is dollars as an exact decimal string; token counts are integers. */
export interface Truth {
  options: WorldOptions;
  organization_id: string;
  organization_name: string;
  /** Inclusive days. */
  from: string;
  to: string;
  people: number;
  users: number;
  invites: number;
  workspaces: number;
  api_keys: number;
  workspace_members: number;
  messages: TokenTruth & { web_search_requests: number; by_model: Record<string, TokenTruth> };
  /** `lines`: rows when grouped by workspace and description. `by_workspace`: by id, the API's null being `default`. */
  cost_report: {
    usd: string;
    lines: number;
    by_workspace: Record<string, string>;
    by_cost_type: Record<string, string>;
  };
  claude_code: {
    /** Rows of the report, rows of model_breakdown, distinct (day, actor) pairs. */
    rows: number;
    model_rows: number;
    actor_days: number;
    sessions: number;
    commits: number;
    pull_requests: number;
    lines_added: number;
    lines_removed: number;
    actions_accepted: number;
    actions_rejected: number;
    /** `customer_type` api only. */
    estimated_usd: string;
    /** `customer_type` subscription only. */
    notional_usd: string;
    tokens: { input: number; output: number; cache_read: number; cache_creation: number };
    by_model: Record<
      string,
      {
        estimated_usd: string;
        notional_usd: string;
        input: number;
        output: number;
        cache_read: number;
        cache_creation: number;
      }
    >;
    /** People (user actors) active under rule `any`, in the whole history and by day. */
    active_users: number;
    daily_active_users: Record<string, number>;
    api_actors: number;
  };
  analytics: { amount_usd: string; list_usd: string; requests: number; total_tokens: number };
}

export interface TokenTruth {
  uncached_input_tokens: number;
  cache_creation_5m_input_tokens: number;
  cache_creation_1h_input_tokens: number;
  cache_read_input_tokens: number;
  output_tokens: number;
}
