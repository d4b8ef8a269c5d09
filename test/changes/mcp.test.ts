import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { newId } from "../../src/access/index.ts";
import { accountRow } from "../support/account-row.ts";
import { testRandom } from "../support/bursar.ts";
import { MCP_WORLD, startMcp, type TestMcp } from "../support/mcp.ts";
import { signIn } from "../support/signed-in.ts";

let mcp: TestMcp;
beforeAll(async () => {
  mcp = await startMcp({ world: { ...MCP_WORLD, days: 5 } });
}, 60_000);
afterAll(() => mcp.close());

const writes = () =>
  mcp.emulator.requests.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`);
const invite = (email: string) => ({ email, role: "member" });
const TOOL = "claude_code_create_invite";

describe("a tool that changes something", () => {
  it("answers first with the dry run, and says how it understood familiar words", async () => {
    const { call } = await mcp.connect();
    const before = writes().length;
    const { data, text } = await call(TOOL, invite("first@example.com"));
    expect(data).toMatchObject({
      state: "planned",
      confirmation: expect.stringMatching(/^confirm_/) as string,
      approveAt: expect.stringMatching(/^http:\/\/127\.0\.0\.1\/changes\/c_/) as string,
      notes: ["Anthropic has no role member: understood as user."],
    });
    expect(text).toContain('Request: POST /v1/organizations/invites {"email":"first@example.com","role":"user"}');
    expect(text).toMatch(/Nothing has been changed/);
    expect(writes()).toHaveLength(before);
  });

  it("asks a person where the client can, and then does it", async () => {
    const asked: string[] = [];
    const approve = (message: string) => {
      asked.push(message);
      return "accept" as const;
    };
    const { call } = await mcp.connect({ approve });
    const email = "asked@example.com";
    const { data } = await call(TOOL, invite(email));
    const done = await call(TOOL, { ...invite(email), confirmation: data["confirmation"] });
    expect([done.isError, done.data["state"]]).toEqual([false, "done"]);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatch(/^Invite as user at Anthropic/);
    expect(asked[0]).toContain(email);
    expect(writes().at(-1)).toBe("POST /v1/organizations/invites");
    const approvals = (await mcp.audit()).filter(({ event }) => event === "change.approved");
    expect(approvals.at(-1)).toMatchObject({ how: "elicitation", change: data["id"] });
  });

  it("does nothing when the person declines, then or later", async () => {
    const { call } = await mcp.connect({ approve: () => "decline" });
    const before = writes().length;
    const { data } = await call(TOOL, invite("declined@example.com"));
    const { confirmation } = data;
    const declined = await call(TOOL, { ...invite("declined@example.com"), confirmation });
    expect([declined.isError, declined.data["state"]]).toEqual([false, "declined"]);
    const again = await call(TOOL, { ...invite("declined@example.com"), confirmation });
    expect([again.isError, writes().length]).toEqual([true, before]);
  });

  it("waits for the dashboard where the client can show no question", async () => {
    const token = await mcp.token();
    const { call } = await mcp.connect({ token });
    const before = writes().length;
    const { data } = await call(TOOL, invite("dashboard@example.com"));
    const input = { ...invite("dashboard@example.com"), confirmation: data["confirmation"] };
    const waiting = await call(TOOL, input);
    expect([waiting.isError, waiting.data["state"]]).toEqual([false, "planned"]);
    expect(waiting.text).toContain(String(data["approveAt"]));
    // No program can approve it, not even with the same token.
    const order = { method: "POST", headers: { "content-type": "application/json", authorization: `Bearer ${token}` } };
    const body = JSON.stringify({ id: data["id"] });
    expect((await mcp.fetch("/api/v1/approve-change", { ...order, body })).status).toBe(403);
    expect((await call(TOOL, input)).data["state"]).toBe("planned");
    expect(writes()).toHaveLength(before);
    const cookie = await signInAsAdmin();
    const person = { method: "POST", headers: { "content-type": "application/json", cookie } };
    expect((await mcp.fetch("/api/v1/approve-change", { ...person, body })).status).toBe(200);
    // Neither does the confirmation count over the API: it was given over MCP.
    const elsewhere = JSON.stringify({
      kind: "invite_member",
      arguments: { email: "dashboard@example.com", role: "user" },
      confirmation: data["confirmation"],
    });
    const replayed = await mcp.fetch("/api/v1/execute-change", { ...order, body: elsewhere });
    expect([replayed.status, writes().length]).toEqual([403, before]);
    expect((await call(TOOL, input)).data["state"]).toBe("done");
    expect((await call(TOOL, input)).isError).toBe(true);
    expect(writes()).toHaveLength(before + 1);
  });

  it("is not there for a token that may not manage, nor where writing is off", async () => {
    const { client } = await mcp.connect({ permissions: ["read", "people"] });
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names.filter((name) => name.includes("create_invite"))).toEqual([]);
    await expect(client.callTool({ name: TOOL, arguments: invite("x@example.com") })).rejects.toThrow();
  });

  it("takes each tool's familiar words for what Anthropic has", async () => {
    const { call } = await mcp.connect();
    const { directory } = mcp.emulator.world;
    const user = directory.users.find(({ role }) => role === "developer")!;
    const key = directory.apiKeys.find(({ status }) => status === "active")!;
    const workspace = directory.workspaces.find(
      ({ id, name, archived_at: archived }) =>
        archived === null && id !== directory.defaultWorkspaceId && name !== "Claude Code",
    )!;
    const member = directory.members.find(({ user_id: id, workspace_id: at }) => id === user.id && at === workspace.id);
    const before = writes().length;
    const request = async (tool: string, args: Readonly<Record<string, unknown>>) => {
      const { data, text, isError } = await call(tool, args);
      expect([tool, isError, isError ? text : ""]).toEqual([tool, false, ""]);
      const [step] = data["steps"] as { request: { method: string; path: string; body: unknown } }[];
      return [`${step!.request.method} ${step!.request.path.replace("/v1/organizations", "")}`, step!.request.body];
    };
    const where = `/workspaces/${workspace.id}`;
    expect(await request("claude_code_update_user_role", { user_id: user.id, role: "member" })).toEqual([
      `POST /users/${user.id}`,
      { role: "user" },
    ]);
    expect(await request("claude_code_remove_user", { user_id: user.id })).toEqual([`DELETE /users/${user.id}`, null]);
    expect(await request("claude_code_update_api_key", { api_key_id: key.id, status: "disabled" })).toEqual([
      `POST /api_keys/${key.id}`,
      { status: "inactive" },
    ]);
    expect(await request("claude_code_create_workspace", { name: "Lab", description: "For tries" })).toEqual([
      "POST /workspaces",
      { name: "Lab", tags: { description: "For tries" } },
    ]);
    expect(await request("claude_code_update_workspace", { workspace_id: workspace.id, name: "New" })).toEqual([
      `POST ${where}`,
      { name: "New" },
    ]);
    expect(await request("claude_code_archive_workspace", { workspace_id: workspace.id })).toEqual([
      `POST ${where}/archive`,
      null,
    ]);
    const [limit] = directory.rateLimits.filter(({ models }) => models !== null);
    const limits = [{ type: limit!.limits[0]!.type, value: 1 }];
    const rates = { workspace_id: workspace.id, rate_limit: limit!.models![0], limits };
    expect(await request("claude_code_set_workspace_rate_limit", rates)).toEqual([
      `POST ${where}/rate_limits/${limit!.id}`,
      { limits },
    ]);
    expect(await request("claude_code_set_spend_limit", { amount_usd: "1200.5" })).toEqual([
      "POST /spend_limits",
      { scope: { type: "organization" }, amount: "120050", period: "monthly" },
    ]);
    const spendLimit = directory.spendLimits.find(({ scope }) => scope.type !== "usage_tier")!;
    expect(await request("claude_code_remove_spend_limit", { spend_limit_id: spendLimit.id })).toEqual([
      `DELETE /spend_limits/${spendLimit.id}`,
      null,
    ]);
    const pending = directory.invites.find(({ status }) => status === "pending");
    if (pending)
      expect(await request("claude_code_delete_invite", { invite_id: pending.id })).toEqual([
        `DELETE /invites/${pending.id}`,
        null,
      ]);
    const inWorkspace = { workspace_id: workspace.id, user_id: user.id };
    if (member === undefined) {
      expect(await request("claude_code_add_workspace_member", { ...inWorkspace, role: "member" })).toEqual([
        `POST ${where}/members`,
        { user_id: user.id, workspace_role: "workspace_user" },
      ]);
    } else {
      expect(await request("claude_code_remove_workspace_member", inWorkspace)).toEqual([
        `DELETE ${where}/members/${user.id}`,
        null,
      ]);
    }
    expect((await call("claude_code_update_user_role", { user_id: user.id, role: "admin" })).text).toMatch(
      /admin is made in the Console alone/,
    );
    expect(writes()).toHaveLength(before);
  });

  it("off-boards somebody as it is proposed, with the keys in use that were named, under one question", async () => {
    const asked: string[] = [];
    const { call } = await mcp.connect({ approve: (message) => (asked.push(message), "accept") });
    const { users, apiKeys, workspaces } = mcp.emulator.world.directory;
    const claudeCode = workspaces.find(({ name }) => name === "Claude Code")?.id;
    // Those of the workspace Claude Code end with the membership, and are not ended again.
    const staying = (userId: string) =>
      apiKeys.filter(
        (key) => key.created_by?.id === userId && key.status === "active" && key.workspace_id !== claudeCode,
      );
    const leaver = users.find(({ id, role }) => role !== "admin" && staying(id).length > 0)!;
    const other = apiKeys.find(({ created_by }) => created_by !== null && created_by.id !== leaver.id)!;
    const tool = "claude_code_offboard_member";
    const stranger = await call(tool, { person: leaver.email, deactivate_keys: [other.id] });
    expect([stranger.isError, stranger.text]).toEqual([true, expect.stringMatching(/no key that they made/)]);
    const order = { person: leaver.email, deactivate_keys: staying(leaver.id).map(({ id }) => id) };
    const { data } = await call(tool, order);
    expect(data["notes"]).toContainEqual(expect.stringMatching(/^They lose access/));
    const before = writes().length;
    const somebody = users.find(({ id, role }) => role !== "admin" && id !== leaver.id)!;
    const confirmed = await call(tool, { person: somebody.email, confirmation: data["confirmation"] });
    expect([confirmed.isError, writes().length]).toEqual([true, before]);
    const done = await call(tool, { ...order, confirmation: data["confirmation"] });
    expect([done.data["state"], asked.length]).toEqual(["done", 1]);
    expect(writes().slice(before)).toEqual([
      `DELETE /v1/organizations/users/${leaver.id}`,
      ...order.deactivate_keys.toSorted().map((id) => `POST /v1/organizations/api_keys/${id}`),
    ]);
    const again = await call(tool, { person: leaver.email });
    expect([again.isError, again.text]).toEqual([true, expect.stringMatching(/nothing to end|no person/i)]);
  });
});

/** An admin of this Bursar with a session of the dashboard. */
async function signInAsAdmin(): Promise<string> {
  const { store, scope } = mcp.context;
  const account = accountRow(newId(testRandom, "a"), { name: "An admin", createdMs: mcp.clock.now() });
  const membership = { tenantId: scope.tenantId, role: "admin", people: true } as const;
  const token = await signIn(store, mcp.clock, account, [membership]);
  return `bursar=${token}`;
}
