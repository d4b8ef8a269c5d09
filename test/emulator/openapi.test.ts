import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorld } from "../../src/emulator/index.ts";
import type { World } from "../../src/emulator/index.ts";
import type { Emulator } from "../../src/emulator/server/serve-world.ts";
import { serveWorld } from "../../src/emulator/server/serve-world.ts";
import type { CallOptions } from "./calling.ts";
import { ANALYTICS_BETA, call, SPEND_BETA } from "./calling.ts";
import { AdminApiDescription } from "./openapi.ts";
import { tinyWorld } from "./tiny-world.ts";

const description = new AdminApiDescription();
const worlds: readonly { name: string; make: () => World }[] = [
  { name: "a tiny world", make: () => tinyWorld(30) },
  {
    name: "an invented organization",
    make: () => createWorld({ seed: 7, people: 12, days: 40, end: "2026-11-20", scale: 1 }),
  },
];
const range = "starting_at=2026-11-10T00:00:00Z&ending_at=2026-11-20T00:00:00Z";
const everyMessageDimension = ["workspace_id", "api_key_id", "model", "service_tier", "inference_geo"];
const otherMessageDimensions = ["account_id", "service_account_id", "context_window", "speed", "model"];
const grouped = (names: readonly string[]): string => names.map((name) => `&group_by[]=${name}`).join("");

const analyticsDimensions = ["actor", "actor_type", "api_key_id", "model", "product"];
const questions: readonly (readonly [path: string, options?: CallOptions])[] = [
  ["/me"],
  ["/users"],
  ["/users?limit=2"],
  ["/invites"],
  ["/invites?statuses[]=pending"],
  ["/workspaces?include_default=true&include_archived=true"],
  ["/api_keys?limit=1000"],
  ["/api_keys?status=active"],
  ["/rate_limits"],
  ["/rate_limits?limit=1"],
  ["/spend_limits", { beta: SPEND_BETA }],
  [`/usage_report/messages?${range}`],
  [`/usage_report/messages?${range}&limit=31${grouped(everyMessageDimension)}`],
  [`/usage_report/messages?${range}&limit=31${grouped(otherMessageDimensions)}`],
  [`/usage_report/messages?${range}&bucket_width=1h${grouped(["model"])}`],
  ["/usage_report/messages?starting_at=2026-11-19T10:00:00Z&ending_at=2026-11-19T12:00:00Z&bucket_width=1m"],
  [`/cost_report?${range}`],
  [`/cost_report?${range}${grouped(["workspace_id", "description"])}`],
  ["/usage_report/claude_code?starting_at=2026-11-18&limit=1000"],
  ["/usage_report/claude_code?starting_at=2026-11-18&limit=2"],
  [`/analytics/usage?${range}`, { beta: ANALYTICS_BETA }],
  [`/analytics/usage?${range}&time_bucket_width=1d${grouped(analyticsDimensions)}`, { beta: ANALYTICS_BETA }],
  [`/analytics/cost?${range}`, { beta: ANALYTICS_BETA }],
  [
    `/analytics/cost?${range}&limit=1000${grouped(["model", "workspace_id", "cost_type", "token_type"])}`,
    { beta: ANALYTICS_BETA },
  ],
  ["/me", { key: "sk-ant-admin01-TEST-unknown" }],
  ["/users?limit=0"],
  ["/users/user_unknown"],
  ["/me", { version: null }],
  ["/service_accounts"],
  ["/unheard_of"],
  [`/analytics/usage?${range}`],
  ["/spend_limits/effective"],
];

it("would notice a member that the description does not name, and one that is missing", () => {
  const organization = { id: "4f0c1d2e-3a4b-4c5d-8e6f-7a8b9c0d1e2f", type: "organization" };
  expect(describeFaults("GET", "/me", { status: 200, json: { ...organization, name: "x", extra: 1 } })).toHaveLength(1);
  expect(describeFaults("GET", "/me", { status: 200, json: organization })).toHaveLength(1);
});

describe.each(worlds)("$name, as the OpenAPI description sees it", ({ make }) => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await serveWorld(make());
  });
  afterAll(() => emulator.close());

  const versions = ["2023-06-01", "2026-10-21"] as const;
  it.each(versions.flatMap((version) => questions.map(([path, options]) => [version, path, options ?? {}] as const)))(
    "%s %s answers as described",
    async (version, path, options) => {
      const answer = await call(emulator, path, { version, ...options });
      expect(describeFaults("GET", path, answer)).toEqual([]);
      expect(answer.headers.get("request-id")).toMatch(/^req_01/);
    },
  );

  it("gives every object of the directory by its id, as described", async () => {
    const { users, invites, workspaces, apiKeys, members, spendLimits } = emulator.world.directory;
    const paths = [
      ...users.map((user) => `/users/${user.id}`),
      ...invites.map((invite) => `/invites/${invite.id}`),
      ...workspaces.flatMap((workspace) =>
        ["", "/members", "/rate_limits", "/rate_limits?include_inherited=true"].map(
          (rest) => `/workspaces/${workspace.id}${rest}`,
        ),
      ),
      ...apiKeys.map((key) => `/api_keys/${key.id}`),
      ...members.map((member) => `/workspaces/${member.workspace_id}/members/${member.user_id}`),
      ...spendLimits.map((limit) => `/spend_limits/${limit.id}`),
    ];
    for (const path of paths) {
      const answer = await call(emulator, path);
      expect([path, answer.status, describeFaults("GET", path, answer)]).toEqual([path, 200, []]);
    }
  });

  it("answers writes and their refusals as described", async () => {
    const { users, workspaces, apiKeys, rateLimits, defaultWorkspaceId } = emulator.world.directory;
    const user = users.find((candidate) => candidate.role === "developer")!;
    const workspace = workspaces.find(({ id, archived_at }) => archived_at === null && id !== defaultWorkspaceId)!;
    const key = apiKeys.find((candidate) => candidate.status === "active")!;
    const limit = rateLimits[0]!;
    const created = await call(emulator, "/workspaces", { body: { name: "Fresh", tags: { team: "one" } } });
    const fresh = `/workspaces/${created.json.id}`;
    const invited = await call(emulator, "/invites", { body: { email: "new@example.com", role: "user" } });
    const spend = await call(emulator, "/spend_limits", {
      body: { scope: { type: "workspace", workspace_id: created.json.id }, amount: "12300" },
    });
    const writes: [method: string, path: string, body?: unknown][] = [
      ["POST", `/users/${user.id}`, { role: "billing" }],
      ["POST", `/users/${user.id}`, { role: "admin" }],
      ["POST", `/workspaces/${workspace.id}`, { name: "Renamed" }],
      ["POST", `${fresh}/members`, { user_id: user.id, workspace_role: "workspace_developer" }],
      ["POST", `${fresh}/members/${user.id}`, { workspace_role: "workspace_admin" }],
      ["POST", `${fresh}/rate_limits/${limit.id}`, { limits: [{ type: limit.limits[0]!.type, value: 5 }] }],
      ["POST", `${fresh}/archive`],
      ["POST", `${fresh}/archive`],
      ["POST", `/api_keys/${key.id}`, { name: "renamed", status: "inactive" }],
      ["POST", "/invites", { email: "new@example.com", role: "user" }],
      ["DELETE", `/invites/${invited.json.id}`],
      ["DELETE", `/users/${user.id}`],
      ["DELETE", `/spend_limits/${spend.json.id}`],
    ];
    expect(describeFaults("POST", "/workspaces", created)).toEqual([]);
    expect(describeFaults("POST", "/invites", invited)).toEqual([]);
    expect(describeFaults("POST", "/spend_limits", spend)).toEqual([]);
    for (const [method, path, body] of writes) {
      const answer = await call(emulator, path, { method, ...(body === undefined ? {} : { body }) });
      expect([method, path, describeFaults(method, path, answer)]).toEqual([method, path, []]);
    }
  });
});

function describeFaults(method: string, path: string, answer: { status: number; json: unknown }): string[] {
  const bare = `/v1/organizations${path.split("?")[0] ?? ""}`;
  return description.faultsOf(method, bare, answer.status, answer.json);
}
