import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";

import { catalog, type OperationContext } from "../../src/operations/index.ts";
import { changeKinds } from "../../src/operations/changes/kinds/index.ts";
import { listedRows } from "../../src/operations/directory.ts";
import { TINY } from "../emulator/tiny-world.ts";
import { ask, carryOut, hold, type Order, type TestChanges } from "./support.ts";

const ADA = "ada.example@example.com";

let changes: TestChanges;
let ada: OperationContext;
let release: () => Promise<void>;
beforeEach(async () => {
  ({ changes, release } = await hold());
  ada = await changes.signIn(ADA);
});
afterEach(() => release());

const order = (kind: string, given: Readonly<Record<string, unknown>>): Order => ({ kind, arguments: given });

/** One of each kind, what is sent, what there is then, and which row of the record shows it. */
const KINDS: readonly {
  readonly kind: string;
  readonly given: Readonly<Record<string, unknown>>;
  readonly sent: readonly string[];
  readonly after: unknown;
  readonly says: RegExp;
  readonly recorded?: () => Promise<unknown>;
  readonly shows?: unknown;
}[] = [
  {
    kind: "invite_member",
    given: { email: "jane@example.com", role: "developer" },
    sent: ["POST /v1/organizations/invites"],
    after: { email: "jane@example.com", role: "developer", status: "pending" },
    says: /sends an invitation/,
    recorded: () => row("invites", "email", "jane@example.com", "role"),
    shows: "developer",
  },
  {
    kind: "withdraw_invite",
    given: { invite_id: TINY.pendingInvite },
    sent: [`DELETE /v1/organizations/invites/${TINY.pendingInvite}`],
    after: { status: "deleted" },
    says: /link in the invitation stops working/,
  },
  {
    kind: "change_member_role",
    given: { user_id: TINY.developer, role: "claude_code_user" },
    sent: [`POST /v1/organizations/users/${TINY.developer}`],
    after: { id: TINY.developer, role: "claude_code_user" },
    says: /can make no more API keys.*checkout-prod/s,
    recorded: () => row("users", "id", TINY.developer, "role"),
    shows: "claude_code_user",
  },
  {
    kind: "remove_member",
    given: { user_id: TINY.developer },
    sent: [`DELETE /v1/organizations/users/${TINY.developer}`],
    after: null,
    says: /"Checkout service".*stay alive.*"checkout-prod".*last used 2026-11-20.*die.*"claude_code_key_grace"/s,
    recorded: () => row("api_keys", "name", "claude_code_key_grace", "status"),
    shows: "archived",
  },
  {
    kind: "create_workspace",
    given: { name: "Lab", tags: { env: "test" }, display_color: "#112233" },
    sent: ["POST /v1/organizations/workspaces"],
    after: { name: "Lab", tags: { env: "test" }, display_color: "#112233", archived: false },
    says: /no members and no keys/,
    recorded: () => row("workspaces", "name", "Lab", "archived_at"),
    shows: null,
  },
  {
    kind: "update_workspace",
    given: { workspace_id: TINY.workspace, name: "Checkout", data_residency: { default_inference_geo: "us" } },
    sent: [`POST /v1/organizations/workspaces/${TINY.workspace}`],
    after: { id: TINY.workspace, name: "Checkout" },
    says: /are refused from then on.*new name for the past/s,
    recorded: () => row("workspaces", "id", TINY.workspace, "name"),
    shows: "Checkout",
  },
  {
    kind: "archive_workspace",
    given: { workspace_id: TINY.workspace },
    sent: [`POST /v1/organizations/workspaces/${TINY.workspace}/archive`],
    after: { id: TINY.workspace, archived: true },
    says: /cannot be undone.*stop working at once, 2 in all: "checkout-prod".*3 people have it no longer/s,
    recorded: () => row("api_keys", "id", TINY.key, "status"),
    shows: "archived",
  },
  {
    kind: "add_workspace_member",
    given: { workspace_id: TINY.claudeCodeWorkspace, user_id: TINY.developer, workspace_role: "workspace_user" },
    sent: [`POST /v1/organizations/workspaces/${TINY.claudeCodeWorkspace}/members`],
    after: { user_id: TINY.developer, workspace_role: "workspace_user" },
    says: /they become workspace_user/,
    recorded: () => row("workspace_members", "workspace_id", TINY.claudeCodeWorkspace, "user_id"),
    shows: TINY.developer,
  },
  {
    kind: "change_workspace_member_role",
    given: { workspace_id: TINY.workspace, user_id: TINY.developer, workspace_role: "workspace_admin" },
    sent: [`POST /v1/organizations/workspaces/${TINY.workspace}/members/${TINY.developer}`],
    after: { user_id: TINY.developer, workspace_role: "workspace_admin" },
    says: /they were workspace_developer/,
    recorded: () => row("workspace_members", "user_id", TINY.developer, "workspace_role"),
    shows: "workspace_admin",
  },
  {
    kind: "remove_workspace_member",
    given: { workspace_id: TINY.workspace, user_id: TINY.developer },
    sent: [`DELETE /v1/organizations/workspaces/${TINY.workspace}/members/${TINY.developer}`],
    after: null,
    says: /stay in the organization.*that they made there stay alive/s,
  },
  {
    kind: "update_api_key",
    given: { api_key_id: TINY.key, name: "checkout", status: "inactive" },
    sent: [`POST /v1/organizations/api_keys/${TINY.key}`],
    after: { id: TINY.key, name: "checkout", status: "inactive" },
    says: /Whatever uses it fails from then on \(last used 2026-11-20, [\d,]+ tokens/,
    recorded: () => row("api_keys", "id", TINY.key, "status"),
    shows: "inactive",
  },
  {
    kind: "set_workspace_rate_limit",
    given: {
      workspace_id: TINY.workspace,
      rate_limit: "claude-opus-5-5",
      limits: [
        { type: "requests_per_minute", value: null },
        { type: "output_tokens_per_minute", value: 900_000 },
      ],
    },
    sent: [`POST /v1/organizations/workspaces/${TINY.workspace}/rate_limits/${TINY.rateLimit}`],
    after: { requests_per_minute: null, output_tokens_per_minute: 900_000 },
    says: /the organization's limit holds.*about an hour/s,
  },
  {
    kind: "set_spend_limit",
    given: { workspace_id: TINY.workspace, amount_usd: "499.5" },
    sent: ["POST /v1/organizations/spend_limits"],
    after: { amount: "49950", scope: { type: "workspace", workspace_id: TINY.workspace } },
    says: /has spent \$499\.5 in a month.*it was \$500/s,
  },
  {
    kind: "remove_spend_limit",
    given: { spend_limit_id: TINY.spendLimit },
    sent: [`DELETE /v1/organizations/spend_limits/${TINY.spendLimit}`],
    after: null,
    says: /Only the limits above it still hold/,
  },
  {
    kind: "offboard_member",
    given: { user_id: TINY.developer, deactivate_keys: [TINY.key] },
    sent: [`DELETE /v1/organizations/users/${TINY.developer}`, `POST /v1/organizations/api_keys/${TINY.key}`],
    after: { id: TINY.key, status: "inactive" },
    says: /They lose access.*fails from then on/s,
    recorded: () => row("api_keys", "id", TINY.key, "status"),
    shows: "inactive",
  },
];

async function row(list: Parameters<typeof listedRows>[2], column: string, value: string, wanted: string) {
  const rows = await ada.store.read((tx) => listedRows(tx, ada, list));
  return rows.find((one) => one.text(column) === value)?.text(wanted) ?? null;
}

describe.each(KINDS)("$kind", ({ kind, given, sent, after, says, recorded, shows }) => {
  it("changes nothing when it is planned, and exactly what was planned when it was approved", async () => {
    const planned = await ask(ada, catalog.planChange(), order(kind, given));
    expect(changes.writes()).toEqual([]);
    expect(planned.change.steps.map(({ request }) => `${request.method} ${request.path}`)).toEqual(sent);
    expect(planned.change.steps.flatMap(({ consequences }) => consequences).join("\n")).toMatch(says);

    const done = await carryOut(ada, ada, order(kind, given));
    expect([done.state, done.steps.map(({ outcome }) => outcome?.asPlanned)]).toEqual(["done", sent.map(() => true)]);
    expect(changes.writes()).toEqual(sent);
    expect(done.steps.at(-1)?.outcome?.after).toEqual(
      after === null ? null : (expect.objectContaining(after as object) as unknown),
    );
    // The record follows at once; people who are gone are gone when two readings agree.
    if (recorded) expect(await recorded()).toBe(shows);
    const leaf = (await changes.trail()).filter(({ event }) => event === "change.done").at(-1);
    expect(leaf).toMatchObject({ change: done.id, as_planned: true, status: 200 });
    expect(JSON.stringify(await changes.trail())).not.toContain("@");
  });
});

it("tries every kind there is, and each says what it takes", () => {
  expect(KINDS.map(({ kind }) => kind).sort()).toEqual(changeKinds.map(({ name }) => name).sort());
  for (const { name, title, summary, input } of changeKinds) {
    expect(name).toMatch(/^[a-z_]+$/);
    expect([title, summary]).toEqual([expect.stringMatching(/^[A-Z]/), expect.stringMatching(/^[A-Z].*\.$/)]);
    expect(z.toJSONSchema(input, { io: "input" })).toMatchObject({ type: "object", additionalProperties: false });
    expect(input.safeParse({}).success).toBe(false);
  }
});

describe("what the API does not do is refused before anything is sent", () => {
  const IMPOSSIBLE: readonly (readonly [what: string, kind: string, given: Readonly<Record<string, unknown>>])[] = [
    ["a member who is one already", "invite_member", { email: "grace.example@example.com", role: "user" }],
    ["an address with an open invite", "invite_member", { email: "guest1@example.com", role: "user" }],
    ["an invite that was accepted", "withdraw_invite", { invite_id: TINY.pendingInvite.replace(/1$/, "2") }],
    ["the role somebody has", "change_member_role", { user_id: TINY.developer, role: "developer" }],
    ["another name for the default workspace", "update_workspace", { workspace_id: TINY.defaultWorkspace, name: "x" }],
    ["the end of the default workspace", "archive_workspace", { workspace_id: TINY.defaultWorkspace }],
    ["a limit of the default workspace", "set_spend_limit", { workspace_id: TINY.defaultWorkspace, amount_usd: "1" }],
    [
      "members of the default workspace",
      "add_workspace_member",
      { workspace_id: TINY.defaultWorkspace, user_id: TINY.developer, workspace_role: "workspace_user" },
    ],
    ["an archived workspace", "update_workspace", { workspace_id: TINY.archivedWorkspace, name: "x" }],
    [
      "a membership that is inherited",
      "remove_workspace_member",
      { workspace_id: TINY.workspace, user_id: TINY.billing },
    ],
    ["the cap of the usage tier", "remove_spend_limit", { spend_limit_id: TINY.tierLimit }],
    ["what is so already", "update_api_key", { api_key_id: TINY.key, status: "active" }],
  ];

  it("whatever it is", async () => {
    const refused = { code: expect.stringMatching(/^changes\.(not_possible|not_there)$/) as string };
    for (const [what, kind, given] of IMPOSSIBLE)
      await expect(ask(ada, catalog.planChange(), order(kind, given)), what).rejects.toMatchObject(refused);
    expect(changes.writes()).toEqual([]);
  });

  it("with ids that would lead elsewhere", async () => {
    for (const id of ["../me", "user_01/../../invites", "user_01?x=1", "", "a".repeat(65)]) {
      const planned = ask(ada, catalog.planChange(), order("remove_member", { user_id: id }));
      await expect(planned).rejects.toMatchObject({ code: "input.invalid" });
    }
    const unknown = ask(ada, catalog.planChange(), order("remove_member", { user_id: "user_01nobody" }));
    await expect(unknown).rejects.toMatchObject({ code: "changes.not_there" });
  });
});

it("says so when somebody is about to remove themselves", async () => {
  const grace = await changes.signIn("grace.example@example.com");
  const { change } = await ask(grace, catalog.planChange(), order("remove_member", { user_id: TINY.developer }));
  expect([change.isOwn, change.steps[0]?.consequences[0]]).toEqual([true, expect.stringMatching(/^This is you/)]);
});

it("says what archiving the workspace of Claude Code ends", async () => {
  const given = { workspace_id: TINY.claudeCodeWorkspace };
  const { change } = await ask(ada, catalog.planChange(), order("archive_workspace", given));
  expect(change.steps[0]?.consequences.join("\n")).toMatch(/Nobody can sign in to Claude Code/);
});

it("shows names and addresses only to who may see people", async () => {
  const { change } = await ask(ada, catalog.planChange(), order("remove_member", { user_id: TINY.developer }));
  const blind = await changes.signIn("blind@example.com", "admin", false);
  const seen = await ask(blind, catalog.getChange(), { id: change.id });
  expect(JSON.stringify(seen)).not.toMatch(/@|Grace|checkout-prod|claude_code_key/);
  expect(JSON.stringify(seen)).toContain(TINY.key);
});

it.each([
  [400, "org_member_limit_exceeded", /as many members as it may/],
  [400, "email_domain_not_allowed", /does not allow this address's domain/],
  [402, undefined, /Change what it is about/],
  [403, "spend_limits_admin_api_writes_not_enabled", /early access/],
  [409, "concurrent_membership_change", /Somebody else changed the same/],
])("tells what Anthropic refused with %s %s, and what to do next", async (status, code, remedy) => {
  const asked = order("invite_member", { email: "jane@example.com", role: "user" });
  const params = code === undefined ? { status } : { status, code };
  await changes.emulator.faults.add({ id: "W02", params });
  const ended = await carryOut(ada, ada, asked);
  const { outcome } = ended.steps[0]!;
  expect([ended.state, outcome?.how, outcome?.status]).toEqual(["refused", "answered", status]);
  expect(outcome?.says).toMatch(/^Anthropic refused the change \("This cannot be done".*Nothing was changed\./);
  expect(outcome?.says).toMatch(remedy);
  expect((await changes.trail()).at(-1)).toMatchObject({ event: "change.refused", status, as_planned: false });
  expect(changes.writes()).toEqual(["POST /v1/organizations/invites"]);
});

it("is forgotten with its organization: plans hold addresses", async () => {
  await ask(ada, catalog.planChange(), order("invite_member", { email: "jane@example.com", role: "user" }));
  expect((await ask(ada, catalog.listChanges(), {})).rows).toHaveLength(1);
  await ask(changes.operator, catalog.disconnect(), { connection: "main", purge: true });
  expect((await ask(ada, catalog.listChanges(), {})).rows).toEqual([]);
});
