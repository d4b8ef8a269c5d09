import type { BetaAnalyticsCostItem } from "@anthropic-ai/sdk/resources/beta/organization/analytics/cost";
import type { BetaAnalyticsUsageItem } from "@anthropic-ai/sdk/resources/beta/organization/analytics/usage";
import type { APIKey } from "@anthropic-ai/sdk/resources/organization/api-keys";
import type { OrganizationInvite } from "@anthropic-ai/sdk/resources/organization/invites";
import type { OrganizationRateLimit } from "@anthropic-ai/sdk/resources/organization/rate-limits";
import type { OrganizationUser } from "@anthropic-ai/sdk/resources/organization/users";
import type { WorkspaceRateLimit } from "@anthropic-ai/sdk/resources/organization/workspaces/rate-limits";
import type { Workspace, WorkspaceMember } from "@anthropic-ai/sdk/resources/organization/workspaces/workspaces";
import { describe, expect, it } from "vitest";

import { tryDay, type Json, type JsonObject } from "../domain/index.ts";
import { streams } from "./streams/index.ts";
import type { Known } from "./types.ts";

/*
 * The official SDK's types are an independent reading of the API. Each sample below is complete by its type: the
 * compiler refuses a member that is missing or unknown. So a member that a stream looks for and does not find in its
 * sample is misspelt on our side, or of an older version and named here.
 */

const AT = "2026-11-01T00:00:00Z";

const user: OrganizationUser = {
  id: "user_1",
  type: "user",
  email: "a@example.com",
  name: "A",
  role: "user",
  added_at: AT,
};
const invite: OrganizationInvite = {
  id: "invite_1",
  type: "invite",
  email: "a@example.com",
  role: "user",
  status: "pending",
  invited_at: AT,
  expires_at: AT,
  accepted_at: null,
  rbac_group_ids: [],
};
const workspace: Workspace = {
  id: "wrkspc_1",
  type: "workspace",
  name: "W",
  created_at: AT,
  archived_at: null,
  compartment_id: "c",
  data_residency: { allowed_inference_geos: "unrestricted", default_inference_geo: "global", workspace_geo: "us" },
  display_color: "#000000",
  external_key_id: null,
  tags: {},
  user_profile_id: null,
};
const workspaceMember: WorkspaceMember = {
  type: "workspace_member",
  workspace_id: "wrkspc_1",
  user_id: "user_1",
  workspace_role: "workspace_user",
};
const apiKey: APIKey = {
  id: "apikey_1",
  type: "api_key",
  name: "K",
  status: "active",
  created_at: AT,
  created_by: { id: "user_1", type: "user" },
  expires_at: null,
  partial_key_hint: null,
  principal: { type: "user_actor", user_id: "user_1" },
  scope: { type: "workspace", workspace_id: "wrkspc_1" },
};
const rateLimit: OrganizationRateLimit = {
  id: "rl_1",
  type: "rate_limit",
  group: { id: "rlg_1", type: "batch" },
  models: null,
  limits: [{ type: "requests_per_minute", value: 1 }],
};
const workspaceRateLimit: WorkspaceRateLimit = {
  rate_limit_id: "rl_1",
  type: "workspace_rate_limit",
  workspace_id: "wrkspc_1",
  group: { id: "rlg_1", type: "batch" },
  models: null,
  limits: [{ type: "requests_per_minute", value: 1, org_limit: 2, source: { type: "workspace" } }],
};
const group: BetaAnalyticsUsageItem["group"] = {
  actor: { type: "user_actor", user_id: "user_1", email_address: "a@example.com", name: "A", deleted: false },
  actor_type: null,
  agent_id: null,
  api_key_id: null,
  claude_tag_category: null,
  claude_tag_user_id: null,
  context_window: null,
  deployment_id: null,
  environment_id: null,
  inference_geo: null,
  model: "m",
  organization_id: null,
  product: "claude_code",
  rbac_group_id: null,
  service_tier: null,
  session_id: null,
  slack_channel_id: null,
  speed: null,
  user_profile_id: null,
  workspace_id: null,
};
const usage: BetaAnalyticsUsageItem = {
  starting_at: AT,
  ending_at: AT,
  group,
  usage: {
    cache_creation: { ephemeral_1h_input_tokens: 1, ephemeral_5m_input_tokens: 2 },
    cache_read_input_tokens: 3,
    output_tokens: 4,
    requests: 5,
    server_tool_use: { web_search_requests: 6 },
    total_tokens: 7,
    uncached_input_tokens: 8,
  },
};
const cost: BetaAnalyticsCostItem = {
  starting_at: AT,
  ending_at: AT,
  group: { ...group, cost_type: "tokens", token_type: "output_tokens" },
  cost: { amount: "1", currency: "USD", list_amount: "2", requests: null },
};

/** Members of older versions that a stream still looks for where today's are. */
const OLDER: Readonly<Record<string, readonly string[]>> = {
  analytics_usage: ["results"],
  analytics_cost: ["results"],
};

const known: Known = { organizationId: "org-1", ids: () => ["wrkspc_1"] };

describe("the streams and the types of the official SDK", () => {
  it.each<[string, number, object]>([
    ["users", 0, user],
    ["invites", 0, invite],
    ["workspaces", 0, workspace],
    ["workspace_members", 0, workspaceMember],
    ["api_keys", 0, apiKey],
    ["rate_limits", 0, rateLimit],
    ["rate_limits", 1, workspaceRateLimit],
    ["analytics_usage", 0, usage],
    ["analytics_cost", 0, cost],
  ])("agree about every member of %s (request %i)", (name, nth, sample) => {
    const stream = streams.find((each) => each.name === name)!;
    const day = tryDay("2026-11-01")!;
    const span = stream.shape.kind === "list" ? null : { from: day, to: day + 1 };
    const request = stream.requests({ stream: name, span }, known)[nth]!;
    const missed = new Set<string>();
    // Through JSON, as on the wire; the watch then tells of each member that is looked for in vain.
    const entry = watched(JSON.parse(JSON.stringify(sample)) as Json, "", missed);
    const problems: string[] = [];
    const rows = stream
      .records({ data: [entry] }, request, (what) => problems.push(what))
      .flatMap((record) => stream.rows({ organizationId: "org-1", ...record }, (path) => problems.push(path)));
    expect(rows.length).toBeGreaterThan(0);
    expect(problems).toEqual([]);
    expect([...missed].filter((path) => !(OLDER[name] ?? []).includes(path))).toEqual([]);
  });
});

function watched(value: Json, path: string, missed: Set<string>): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => watched(item, path, missed));
  const inner: Record<string, Json> = {};
  for (const [name, item] of Object.entries(value))
    inner[name] = watched(item, path === "" ? name : `${path}.${name}`, missed);
  const note = (name: string | symbol): void => {
    const isOwn = typeof name === "symbol" || Object.hasOwn(inner, name) || name in Object.prototype;
    if (!isOwn) missed.add(path === "" ? name : `${path}.${name}`);
  };
  return new Proxy<JsonObject>(inner, {
    get(target, name, receiver) {
      note(name);
      return Reflect.get(target, name, receiver) as unknown;
    },
    getOwnPropertyDescriptor(target, name) {
      note(name);
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
  });
}
