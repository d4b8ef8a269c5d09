import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Emulator } from "../../src/emulator/server/serve-world.ts";
import { serveWorld } from "../../src/emulator/server/serve-world.ts";
import type { Answer } from "./calling.ts";
import { call } from "./calling.ts";
import { TINY, tinyWorld } from "./tiny-world.ts";

let emulator: Emulator;
beforeEach(async () => {
  emulator = await serveWorld(tinyWorld());
});
afterEach(() => emulator.close());

const post = (path: string, body: unknown): Promise<Answer> => call(emulator, path, { body });
const remove = (path: string): Promise<Answer> => call(emulator, path, { method: "DELETE" });
const get = (path: string): Promise<Answer> => call(emulator, path);
const code = (answer: Answer): unknown => answer.json.error?.details?.error_code;
const field = (answer: Answer): string => String(answer.json.error?.message).split(":")[0] ?? "";

describe("users", () => {
  it("changes an assignable role and nothing else", async () => {
    expect((await post(`/users/${TINY.developer}`, { role: "billing" })).json.role).toBe("billing");
    expect((await get(`/users/${TINY.developer}`)).json.role).toBe("billing");
    expect(field(await post(`/users/${TINY.developer}`, { role: "admin" }))).toBe("role");
    expect(field(await post(`/users/${TINY.admin}`, { role: "user" }))).toBe("role");
    expect(field(await post(`/users/${TINY.developer}`, {}))).toBe("role");
    expect(field(await post(`/users/${TINY.developer}`, { role: "user", name: "x" }))).toBe("name");
  });

  it("removes a person with their memberships and Claude Code keys, but leaves the keys they made", async () => {
    expect((await remove(`/users/${TINY.developer}`)).json).toEqual({ id: TINY.developer, type: "user_deleted" });
    expect((await get(`/users/${TINY.developer}`)).status).toBe(404);
    expect((await get(`/workspaces/${TINY.workspace}/members/${TINY.developer}`)).status).toBe(404);
    const keys = (await get("/api_keys")).json.data as { name: string; status: string; created_by: unknown }[];
    const byName = new Map(keys.map((key) => [key.name, key]));
    expect(byName.get("checkout-prod")?.status).toBe("active");
    expect(byName.get("checkout-prod")?.created_by).toEqual({ id: TINY.developer, type: "user" });
    expect(byName.get("claude_code_key_grace")?.status).toBe("archived");
  });

  it("keeps admins and the last member", async () => {
    expect((await remove(`/users/${TINY.admin}`)).status).toBe(400);
    const { directory } = emulator.world;
    directory.users = directory.users.filter((user) => user.id === TINY.developer);
    expect(code(await remove(`/users/${TINY.developer}`))).toBe("cannot_remove_last_member");
  });
});

describe("invites", () => {
  it("lives from creation to deletion, 21 days at most", async () => {
    const made = (await post("/invites", { email: "new@example.com", role: "developer" })).json;
    expect([made.status, made.invited_at, made.expires_at]).toEqual([
      "pending",
      "2026-11-21T00:00:00.000000Z",
      "2026-12-12T00:00:00.000000Z",
    ]);
    expect((await get(`/invites?email=NEW@example.com`)).json.data).toEqual([made]);
    expect((await remove(`/invites/${made.id}`)).json).toEqual({ id: made.id, type: "invite_deleted" });
    expect((await get("/invites?email=new@example.com")).json.data).toEqual([]);
    expect((await remove(`/invites/${made.id}`)).status).toBe(400);
  });

  it("refuses members, open invites, admins and nonsense", async () => {
    expect(code(await post("/invites", { email: "Ada.Example@example.com", role: "user" }))).toBe("already_member");
    expect(code(await post("/invites", { email: "guest1@example.com", role: "user" }))).toBe("invite_already_exists");
    expect(field(await post("/invites", { email: "x@example.com", role: "admin" }))).toBe("role");
    expect(field(await post("/invites", { email: "nobody", role: "user" }))).toBe("email");
    expect(field(await post("/invites", { email: "x@e.com", role: "user", rbac_group_ids: ["g"] }))).toBe(
      "rbac_group_ids",
    );
    expect((await post("/invites", "{not json")).status).toBe(400);
    expect((await post("/invites", [])).status).toBe(400);
  });
});

describe("workspaces", () => {
  it("creates, changes and archives one, revoking its keys", async () => {
    const made = (await post("/workspaces", { name: "Lab", tags: { a: "1", b: "2" } })).json;
    expect(made.data_residency).toEqual({
      workspace_geo: "us",
      allowed_inference_geos: "unrestricted",
      default_inference_geo: "global",
    });
    const changed = (await post(`/workspaces/${made.id}`, { tags: { a: null, c: "3" }, display_color: "#000000" }))
      .json;
    expect([changed.name, changed.tags, changed.display_color]).toEqual(["Lab", { b: "2", c: "3" }, "#000000"]);
    const archived = (await post(`/workspaces/${TINY.workspace}/archive`, {})).json;
    expect(archived.archived_at).toBe("2026-11-21T00:00:00.000000Z");
    expect((await get(`/api_keys/${TINY.key}`)).json.status).toBe("archived");
    expect((await post(`/workspaces/${TINY.workspace}`, { name: "Again" })).status).toBe(400);
  });

  it("refuses what the documentation refuses", async () => {
    expect(field(await post("/workspaces", {}))).toBe("name");
    expect(field(await post("/workspaces", { name: "x".repeat(41) }))).toBe("name");
    expect(field(await post("/workspaces", { name: "x", display_color: "red" }))).toBe("display_color");
    expect(field(await post("/workspaces", { name: "x", tags: { anthropic_x: "1" } }))).toBe("tags.anthropic_x");
    expect(code(await post("/workspaces", { name: "x", user_profile_id: "uprof_1" }))).toBe("user_profile_not_found");
    expect(
      field(
        await post("/workspaces", {
          name: "x",
          data_residency: { allowed_inference_geos: ["us"], default_inference_geo: "global" },
        }),
      ),
    ).toBe("data_residency.default_inference_geo");
    expect(field(await post(`/workspaces/${TINY.defaultWorkspace}`, { name: "Main" }))).toBe("name");
    expect((await post(`/workspaces/${TINY.defaultWorkspace}/archive`, {})).status).toBe(400);
    expect(field(await post(`/workspaces/${TINY.workspace}`, { data_residency: { workspace_geo: "us" } }))).toBe(
      "data_residency.workspace_geo",
    );
  });

  it("stops at a hundred active workspaces", async () => {
    const active = emulator.world.directory.workspaces.filter((workspace) => workspace.archived_at === null).length;
    for (let n = active; n < 100; n += 1) expect((await post("/workspaces", { name: `W${n}` })).status).toBe(200);
    expect((await post("/workspaces", { name: "One more" })).status).toBe(400);
  });
});

describe("workspace members", () => {
  const members = `/workspaces/${TINY.workspace}/members`;

  it("adds, changes and removes one", async () => {
    const { id } = emulator.world.directory.users.at(-1)!;
    const added = await post(members, { user_id: id, workspace_role: "workspace_user" });
    expect(added.json.workspace_role).toBe("workspace_user");
    expect(field(await post(members, { user_id: id, workspace_role: "workspace_user" }))).toBe("user_id");
    expect((await post(`${members}/${id}`, { workspace_role: "workspace_admin" })).status).toBe(200);
    expect((await remove(`${members}/${id}`)).json).toEqual({
      type: "workspace_member_deleted",
      workspace_id: TINY.workspace,
      user_id: id,
    });
    expect((await get(`${members}/${id}`)).status).toBe(404);
  });

  it("keeps inherited roles and the default workspace as they are", async () => {
    expect(field(await post(members, { user_id: "user_1", workspace_role: "workspace_billing" }))).toBe(
      "workspace_role",
    );
    expect((await post(members, { user_id: "user_1", workspace_role: "workspace_user" })).status).toBe(404);
    expect((await remove(`${members}/${TINY.admin}`)).status).toBe(400);
    expect((await remove(`${members}/${TINY.billing}`)).status).toBe(400);
    expect((await post(`${members}/${TINY.billing}`, { workspace_role: "workspace_user" })).status).toBe(400);
    expect((await post(`${members}/${TINY.billing}`, { workspace_role: "workspace_admin" })).status).toBe(200);
    const body = { user_id: TINY.developer, workspace_role: "workspace_user" };
    expect((await post(`/workspaces/${TINY.defaultWorkspace}/members`, body)).status).toBe(400);
  });
});

describe("keys, rate limits and spend limits", () => {
  it("renames and switches keys, but revives none that is archived", async () => {
    const path = `/api_keys/${TINY.key}`;
    expect((await post(path, { name: "renamed", status: "inactive" })).json).toMatchObject({
      name: "renamed",
      status: "inactive",
    });
    expect((await post(path, { status: "archived" })).json.status).toBe("archived");
    expect(field(await post(path, { status: "active" }))).toBe("status");
    expect(field(await post(path, { status: "expired" }))).toBe("status");
    expect(field(await post(path, { name: "" }))).toBe("name");
  });

  it("sets and clears a workspace's limiters one by one", async () => {
    const path = `/workspaces/${TINY.workspace}/rate_limits`;
    const set = await post(`${path}/${TINY.rateLimit}`, { limits: [{ type: "output_tokens_per_minute", value: 9 }] });
    expect(set.json.limits.map((limit: { value: number }) => limit.value)).toEqual([1000, 9]);
    const cleared = await post(`${path}/${TINY.rateLimit}`, {
      limits: [
        { type: "output_tokens_per_minute", value: null },
        { type: "requests_per_minute", value: null },
      ],
    });
    expect(cleared.json.limits).toEqual([]);
    expect((await get(path)).json.data).toEqual([]);
    expect((await post(`${path}/rl_none`, { limits: [] })).status).toBe(404);
    expect(field(await post(`${path}/${TINY.rateLimit}`, { limits: [{ type: "jokes", value: 1 }] }))).toBe(
      "limits.0.type",
    );
    const ofDefault = `/workspaces/${TINY.defaultWorkspace}/rate_limits/${TINY.rateLimit}`;
    expect((await post(ofDefault, { limits: [] })).status).toBe(400);
  });

  it("sets one spend limit per scope and leaves the tier's cap alone", async () => {
    const scope = { type: "workspace", workspace_id: TINY.workspace };
    const again = await post("/spend_limits", { scope, amount: "70000" });
    expect([again.json.id, again.json.amount]).toEqual([TINY.spendLimit, "70000"]);
    const fresh = await post("/spend_limits", { scope: { type: "organization" }, amount: "1" });
    expect(fresh.json.id).toMatch(/^spl_01/);
    expect((await remove(`/spend_limits/${fresh.json.id}`)).json).toEqual({
      id: fresh.json.id,
      type: "spend_limit_deleted",
    });
    expect((await remove(`/spend_limits/${TINY.tierLimit}`)).status).toBe(400);
    expect(field(await post("/spend_limits", { scope, amount: null }))).toBe("amount");
    expect(field(await post("/spend_limits", { scope: { type: "user", user_id: "u" }, amount: "1" }))).toBe(
      "scope.type",
    );
    expect((await get("/spend_limits/effective")).status).toBe(403);
  });
});

it("refuses a body above a megabyte", async () => {
  expect((await post("/workspaces", { name: "x".repeat(1_100_000) })).status).toBe(413);
});
