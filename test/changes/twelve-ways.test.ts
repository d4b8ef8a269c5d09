import { describe, expect, it } from "vitest";

import { catalog, type OperationContext } from "../../src/operations/index.ts";
import { TINY } from "../emulator/tiny-world.ts";
import { engines } from "../support/engines.ts";
import { ask, carryOut, withChanges, type Order, type TestChanges } from "./support.ts";

/** Ada is an admin of the tiny organization, Grace a developer. */
const ADA = "ada.example@example.com";
const GRACE = "grace.example@example.com";

const INVITE: Order = { kind: "invite_member", arguments: { email: "jane@example.com", role: "user" } };

const execute = (context: OperationContext, confirmation: string, order: Order = INVITE) =>
  ask(context, catalog.executeChange(), { ...order, confirmation });

/** What was tried changed nothing: no POST and no DELETE ever arrived. The reason stands in the ledger, where one is due. */
async function nothingHappened({ writes, trail }: TestChanges, ...reasons: readonly string[]): Promise<void> {
  expect(writes()).toEqual([]);
  const refusals = (await trail()).filter(({ event }) => typeof event === "string" && event.endsWith("_refused"));
  expect(refusals.map(({ reason }) => reason)).toEqual(reasons);
}

describe("no write without the two steps", () => {
  it("without a confirmation", () =>
    withChanges(async (changes) => {
      const ada = await changes.signIn(ADA);
      const { change } = await ask(ada, catalog.planChange(), INVITE);
      await ask(ada, catalog.approveChange(), { id: change.id });
      await expect(execute(ada, "")).rejects.toMatchObject({ code: "changes.confirmation" });
      await expect(ask(ada, catalog.executeChange(), INVITE as never)).rejects.toMatchObject({ code: "input.invalid" });
      await nothingHappened(changes, "unknown");
    }));

  it("with a confirmation that was used", () =>
    withChanges(async (changes) => {
      const ada = await changes.signIn(ADA);
      const { change, confirmation } = await ask(ada, catalog.planChange(), INVITE);
      await ask(ada, catalog.approveChange(), { id: change.id });
      expect((await execute(ada, confirmation)).state).toBe("done");
      await expect(execute(ada, confirmation)).rejects.toMatchObject({ code: "changes.confirmation" });
      expect(changes.writes()).toEqual(["POST /v1/organizations/invites"]);
      expect((await changes.trail()).at(-1)).toMatchObject({ event: "change.execution_refused", reason: "used" });
    }));

  it("with a confirmation of other arguments", () =>
    withChanges(async (changes) => {
      const ada = await changes.signIn(ADA);
      const { change, confirmation } = await ask(ada, catalog.planChange(), INVITE);
      await ask(ada, catalog.approveChange(), { id: change.id });
      const other = { ...INVITE, arguments: { ...INVITE.arguments, role: "developer" } };
      await expect(execute(ada, confirmation, other)).rejects.toMatchObject({ code: "changes.confirmation" });
      await nothingHappened(changes, "other_arguments");
    }));

  it("with another person's confirmation", () =>
    withChanges(async (changes) => {
      const [ada, grace] = [await changes.signIn(ADA), await changes.signIn(GRACE)];
      const { change, confirmation } = await ask(ada, catalog.planChange(), INVITE);
      await ask(grace, catalog.approveChange(), { id: change.id });
      await expect(execute(grace, confirmation)).rejects.toMatchObject({ code: "changes.confirmation" });
      await nothingHappened(changes, "other_caller");
    }));

  it("with a confirmation that has expired", () =>
    withChanges(async (changes) => {
      const ada = await changes.signIn(ADA);
      const { change, confirmation } = await ask(ada, catalog.planChange(), INVITE);
      await ask(ada, catalog.approveChange(), { id: change.id });
      changes.clock.set(Date.parse(change.expiresAt));
      await expect(execute(ada, confirmation)).rejects.toMatchObject({ code: "changes.confirmation" });
      await nothingHappened(changes, "expired");
    }));

  it("with an approval that no person gave", () =>
    withChanges(async (changes) => {
      const ada = await changes.signIn(ADA);
      const model = await changes.token(ada, ["manage"]);
      const { change, confirmation } = await ask(model, catalog.planChange(), INVITE);
      const approve = (as: OperationContext) => ask(as, catalog.approveChange(), { id: change.id });
      await expect(approve(model)).rejects.toMatchObject({ code: "changes.person_needed" });
      // A program that the operator runs is no person either, unless a person answered its prompt.
      await expect(approve(changes.operator)).rejects.toMatchObject({ code: "changes.person_needed" });
      await expect(execute(model, confirmation)).rejects.toMatchObject({ code: "changes.not_approved" });
      await nothingHappened(changes, "no_person", "no_person", "not_approved");
    }));

  it("with a role above one's own, neither by planning nor by approving it", () =>
    withChanges(async (changes) => {
      const [ada, grace] = [await changes.signIn(ADA), await changes.signIn(GRACE)];
      const stranger = await changes.signIn("stranger@example.com");
      const billing: Order = { kind: "invite_member", arguments: { email: "jane@example.com", role: "billing" } };
      const raised = { code: "changes.above_own_role" };
      await expect(ask(grace, catalog.planChange(), billing)).rejects.toMatchObject(raised);
      await expect(ask(stranger, catalog.planChange(), billing)).rejects.toMatchObject(raised);
      const { change } = await ask(ada, catalog.planChange(), billing);
      await expect(ask(grace, catalog.approveChange(), { id: change.id })).rejects.toMatchObject(raised);
      const admin = { ...billing, arguments: { ...billing.arguments, role: "admin" } };
      await expect(ask(changes.operator, catalog.planChange(), admin)).rejects.toMatchObject({ code: "input.invalid" });
      const lead: Order = {
        kind: "change_workspace_member_role",
        arguments: { workspace_id: TINY.workspace, user_id: TINY.developer, workspace_role: "workspace_admin" },
      };
      await expect(ask(grace, catalog.planChange(), lead)).rejects.toMatchObject(raised);
      await nothingHappened(changes, ...Array.from({ length: 4 }, () => raised.code));
    }));

  it("of the last admin", () =>
    withChanges(async (changes) => {
      const ada = await changes.signIn(ADA);
      const last = { code: "changes.last_admin" };
      const lowered: Order = { kind: "change_member_role", arguments: { user_id: TINY.admin, role: "user" } };
      await expect(ask(ada, catalog.planChange(), lowered)).rejects.toMatchObject(last);
      const removed: Order = { kind: "remove_member", arguments: { user_id: TINY.admin } };
      await expect(ask(changes.operator, catalog.planChange(), removed)).rejects.toMatchObject(last);
      await nothingHappened(changes, last.code, last.code);
    }));

  it("where writing is off", () =>
    withChanges(
      async (changes) => {
        const ada = await changes.signIn(ADA);
        const off = { code: "changes.off" };
        const id = "c_0123456789abcdef";
        await expect(ask(ada, catalog.planChange(), INVITE)).rejects.toMatchObject(off);
        await expect(ask(ada, catalog.approveChange(), { id })).rejects.toMatchObject(off);
        await expect(execute(ada, "confirm_x")).rejects.toMatchObject(off);
        await expect(ask(ada, catalog.offboardPlan(), { person: GRACE })).rejects.toMatchObject(off);
        expect((await ask(ada, catalog.listChanges(), {})).isOn).toBe(false);
        expect(changes.operator.keyring.writerFor).toBeUndefined();
        await nothingHappened(changes);
      },
      { writes: false },
    ));

  it("with a token that may only read", () =>
    withChanges(async (changes) => {
      const ada = await changes.signIn(ADA);
      const reader = await changes.token(ada, ["read", "people", "audit", "settings", "accounts"]);
      const forbidden = { code: "access.forbidden", facts: { permission: "manage" } };
      await expect(ask(reader, catalog.planChange(), INVITE)).rejects.toMatchObject(forbidden);
      const { change, confirmation } = await ask(ada, catalog.planChange(), INVITE);
      await ask(ada, catalog.approveChange(), { id: change.id });
      await expect(execute(reader, confirmation)).rejects.toMatchObject(forbidden);
      await nothingHappened(changes);
    }));

  it("with a confirmation that was given through another door", () =>
    withChanges(async (changes) => {
      const ada = await changes.signIn(ADA);
      const model = await changes.token(ada, ["manage"]);
      const overMcp: OperationContext = { ...model, door: "mcp" };
      const { change, confirmation } = await ask(overMcp, catalog.planChange(), INVITE);
      await ask(ada, catalog.approveChange(), { id: change.id });
      await expect(execute(model, confirmation)).rejects.toMatchObject({ code: "changes.confirmation" });
      await nothingHappened(changes, "other_caller");
      expect((await execute(overMcp, confirmation)).state).toBe("done");
    }));

  it.each(engines)("of twenty that race on $name, but one", ({ name }) =>
    withChanges(
      async (changes) => {
        const ada = await changes.signIn(ADA);
        const { change, confirmation } = await ask(ada, catalog.planChange(), INVITE);
        await ask(ada, catalog.approveChange(), { id: change.id });
        const runs = await Promise.allSettled(Array.from({ length: 20 }, () => execute(ada, confirmation)));
        expect(runs.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
        for (const run of runs)
          if (run.status === "rejected") expect(run.reason).toMatchObject({ code: "changes.confirmation" });
        expect(changes.writes()).toEqual(["POST /v1/organizations/invites"]);
        const events = (await changes.trail()).map(({ event }) => event);
        expect(events.filter((event) => event === "change.execution_refused")).toHaveLength(19);
        expect(events.filter((event) => event === "change.done")).toHaveLength(1);
      },
      { engine: name },
    ),
  );
});

describe("what is protected", () => {
  const protect = (context: OperationContext, list: readonly string[]) =>
    ask(context, catalog.changeSettings(), { settings: { "changes.protected": list } });
  const touching: readonly (readonly [string, string, Order])[] = [
    ["a member by id", TINY.developer, { kind: "remove_member", arguments: { user_id: TINY.developer } }],
    [
      "a member by e-mail",
      GRACE.toUpperCase(),
      { kind: "change_member_role", arguments: { user_id: TINY.developer, role: "user" } },
    ],
    ["an address", "jane@example.com", INVITE],
    ["a key", TINY.key, { kind: "update_api_key", arguments: { api_key_id: TINY.key, status: "inactive" } }],
    [
      "a key of a workspace that goes",
      TINY.key,
      { kind: "archive_workspace", arguments: { workspace_id: TINY.workspace } },
    ],
    [
      "a workspace's key",
      TINY.workspace,
      { kind: "update_api_key", arguments: { api_key_id: TINY.key, name: "renamed" } },
    ],
    [
      "a workspace's members",
      TINY.workspace,
      { kind: "remove_workspace_member", arguments: { workspace_id: TINY.workspace, user_id: TINY.developer } },
    ],
    [
      "one of a series",
      TINY.key,
      { kind: "offboard_member", arguments: { user_id: TINY.developer, deactivate_keys: [TINY.key] } },
    ],
  ];

  it("is never touched: members, addresses, keys, workspaces and what is in them", () =>
    withChanges(async (changes) => {
      const ada = await changes.signIn(ADA);
      for (const [what, id, order] of touching) {
        await protect(ada, [id]);
        const refused = { code: "changes.protected" };
        await expect(ask(changes.operator, catalog.planChange(), order), what).rejects.toMatchObject(refused);
      }
      const { rows } = await ask(changes.operator, catalog.listAudit(), { limit: 200 });
      const edits = rows.filter(({ event }) => event === "settings.changed").map(({ facts }) => facts);
      expect(edits).not.toEqual([]);
      expect(JSON.stringify(edits)).toContain(TINY.key);
      expect(JSON.stringify(edits)).not.toContain("@");
      await nothingHappened(changes, ...touching.map(() => "changes.protected"));
    }));

  it("holds for what was approved before it was protected", () =>
    withChanges(async (changes) => {
      const ada = await changes.signIn(ADA);
      const { change, confirmation } = await ask(ada, catalog.planChange(), INVITE);
      await ask(ada, catalog.approveChange(), { id: change.id });
      await protect(ada, ["jane@example.com"]);
      const ended = await execute(ada, confirmation);
      expect([ended.state, ended.steps[0]?.outcome?.code]).toEqual(["refused", "changes.protected"]);
      expect(changes.writes()).toEqual([]);
      expect((await changes.trail()).at(-1)).toMatchObject({ event: "change.refused", code: "changes.protected" });
    }));
});

it("is refused when what it was planned on has changed since", () =>
  withChanges(async (changes) => {
    const ada = await changes.signIn(ADA);
    const order: Order = { kind: "change_member_role", arguments: { user_id: TINY.developer, role: "user" } };
    const { change, confirmation } = await ask(ada, catalog.planChange(), order);
    await ask(ada, catalog.approveChange(), { id: change.id });
    const grace = changes.emulator.world.directory.users.find(({ id }) => id === TINY.developer)!;
    grace.role = "billing";
    const ended = await execute(ada, confirmation, order);
    expect([ended.state, ended.steps[0]?.outcome?.how]).toEqual(["refused", "not_sent"]);
    expect(changes.writes()).toEqual([]);
    expect(grace.role).toBe("billing");
  }));

it("can be called off after it was approved, and is then executed by nobody", () =>
  withChanges(async (changes) => {
    const ada = await changes.signIn(ADA);
    const { change, confirmation } = await ask(ada, catalog.planChange(), INVITE);
    await ask(ada, catalog.approveChange(), { id: change.id });
    expect((await ask(ada, catalog.declineChange(), { id: change.id })).state).toBe("declined");
    await expect(execute(ada, confirmation)).rejects.toMatchObject({ code: "changes.decided" });
    await expect(ask(ada, catalog.approveChange(), { id: change.id })).rejects.toMatchObject({
      code: "changes.decided",
    });
    await nothingHappened(changes, "declined");
  }));

it("is a change of its own tenant alone", () =>
  withChanges(async (changes) => {
    const ada = await changes.signIn(ADA);
    const { change } = await ask(ada, catalog.planChange(), INVITE);
    const elsewhere = { ...ada, scope: { ...ada.scope, tenantId: ada.scope.tenantId + 1 } };
    const unknown = { code: "access.unknown" };
    await expect(ask(elsewhere, catalog.getChange(), { id: change.id })).rejects.toMatchObject(unknown);
    expect((await carryOut(ada, ada, { ...INVITE, arguments: { email: "x@example.com", role: "user" } })).state).toBe(
      "done",
    );
  }));
