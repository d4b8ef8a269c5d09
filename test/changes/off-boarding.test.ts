import { afterEach, beforeEach, expect, it } from "vitest";

import { catalog, type OperationContext } from "../../src/operations/index.ts";
import { TINY } from "../emulator/tiny-world.ts";
import { ask, carryOut, hold, type TestChanges } from "./support.ts";

const GRACE = "grace.example@example.com";

let changes: TestChanges;
let ada: OperationContext;
let release: () => Promise<void>;
beforeEach(async () => {
  ({ changes, release } = await hold());
  ada = await changes.signIn("ada.example@example.com");
  const { directory } = changes.emulator.world;
  // An invite to a second address, with which she could come back.
  const invite = directory.invites.find(({ id }) => id === TINY.pendingInvite)!;
  directory.invites.push({ ...invite, id: "invite_01grace", email: "grace@private.example" });
  const csv = `email,name,team\n"${GRACE};grace@private.example",Grace Example,Platform\n`;
  await ask(ada, catalog.loadPeople(), { csv });
});
afterEach(() => release());

it("says what somebody has, what would break, and what to do in which order", async () => {
  const plan = await ask(ada, catalog.offboardPlan(), { person: GRACE });
  expect(plan.person).toMatchObject({ name: "Grace Example", userId: TINY.developer, role: "developer" });
  expect(plan.person.emails).toEqual([GRACE, "grace@private.example"]);
  expect(plan.memberships).toEqual([
    { workspaceId: TINY.workspace, workspace: "Checkout service", role: "workspace_developer" },
  ]);
  expect(plan.invites.map(({ inviteId }) => inviteId)).toEqual(["invite_01grace"]);
  const byName = new Map(plan.keys.map((key) => [key.name, key]));
  expect(byName.get("checkout-prod")).toMatchObject({ relation: "made", isProposed: false, lastUsed: "2026-11-20" });
  expect(byName.get("checkout-prod")?.breaks).toMatch(/is in use .* let somebody take it over/);
  expect(byName.get("short-lived")).toMatchObject({ isProposed: true, lastUsed: null });
  expect(byName.get("claude_code_key_grace")).toMatchObject({ diesWithMembership: true, isProposed: false });
  const unused = byName.get("short-lived")!.keyId;
  expect(plan.proposed).toEqual({
    kind: "offboard_member",
    arguments: { user_id: TINY.developer, withdraw_invites: ["invite_01grace"], deactivate_keys: [unused] },
  });
  expect(changes.writes()).toEqual([]);
  // By either of her other names it is the same.
  const { personId } = plan.person;
  for (const person of [personId!, TINY.developer, "Grace@Private.example"])
    expect((await ask(ada, catalog.offboardPlan(), { person })).proposed).toEqual(plan.proposed);
});

it("is done under one approval, in order, and looked at again", async () => {
  const { proposed } = await ask(ada, catalog.offboardPlan(), { person: GRACE });
  const done = await carryOut(ada, ada, proposed!);
  expect([done.state, done.steps.map(({ kind, state }) => [kind, state])]).toEqual([
    "done",
    [
      ["withdraw_invite", "done"],
      ["remove_member", "done"],
      ["update_api_key", "done"],
    ],
  ]);
  // One key of hers was in use, and stays for somebody to take over: that is said.
  expect(done.check?.isClean).toBe(false);
  expect(done.check?.left).toEqual([expect.stringMatching(new RegExp(`${TINY.key}.*was not chosen`))]);
  const ends = (await changes.trail()).filter(({ event }) => event === "change.series_ended");
  expect(ends).toMatchObject([{ state: "done", steps: ["done", "done", "done"], is_clean: false }]);
  const again = await ask(ada, catalog.offboardPlan(), { person: GRACE });
  expect([again.person.userId, again.invites, again.proposed]).toEqual([null, [], null]);
});

it("goes on past a step that is refused, and says which is done and which is not", async () => {
  const { proposed } = await ask(ada, catalog.offboardPlan(), { person: GRACE });
  const { change, confirmation } = await ask(ada, catalog.planChange(), proposed!);
  await ask(ada, catalog.approveChange(), { id: change.id });
  // The look before the first step goes well; the request itself does not.
  await changes.emulator.faults.add({ id: "F13", match: `/users/${TINY.developer}$`, after: 1, times: 1 });
  const ended = await ask(ada, catalog.executeChange(), { ...proposed!, confirmation });
  expect([ended.state, ended.steps.map(({ state }) => state)]).toEqual(["partial", ["done", "refused", "done"]]);
  expect(ended.check?.left).toContain(`${TINY.developer} is still a member`);
  expect(changes.writes()).toHaveLength(3);
});

it("is for who may see people, and leaves a trace of the look", async () => {
  const blind = await changes.signIn("blind@example.com", "admin", false);
  const look = ask(blind, catalog.offboardPlan(), { person: GRACE });
  await expect(look).rejects.toMatchObject({ code: "access.individuals" });
  await expect(ask(ada, catalog.offboardPlan(), { person: "nobody" })).rejects.toMatchObject({
    code: "access.unknown",
  });
});

it("says of an admin that the Console comes first, and proposes what can be done", async () => {
  const plan = await ask(changes.operator, catalog.offboardPlan(), { person: "ada.example@example.com" });
  expect(plan.consequences[0]).toMatch(/admin.*Console first/);
  expect(plan.proposed).toBe(null);
});
