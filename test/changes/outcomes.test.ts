import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { catalog, type OperationContext } from "../../src/operations/index.ts";
import { TINY } from "../emulator/tiny-world.ts";
import { ask, carryOut, hold, type Order, type TestChanges } from "./support.ts";

let changes: TestChanges;
let ada: OperationContext;
let release: () => Promise<void>;
beforeEach(async () => {
  ({ changes, release } = await hold());
  ada = await changes.signIn("ada.example@example.com");
});
afterEach(() => release());

/** A change that makes something new, one that alters, one that ends: each is looked up in its own way. */
const ORDERS: Readonly<Record<string, Order>> = {
  "what is made": { kind: "create_workspace", arguments: { name: "Checkout service" } },
  "an invite": { kind: "invite_member", arguments: { email: "jane@example.com", role: "user" } },
  "what is altered": { kind: "change_member_role", arguments: { user_id: TINY.developer, role: "user" } },
  "what is ended": { kind: "remove_member", arguments: { user_id: TINY.developer } },
};

describe.each(Object.entries(ORDERS))("when no answer tells of %s", (_, order) => {
  it("it is looked up whether it happened, and never sent again", async () => {
    await happensUnanswered(order, "cut");
  });

  it("it is said when it did not happen, after looking more than once", async () => {
    await changes.emulator.faults.add({ id: "W01", params: { effect: "none", answer: "cut" } });
    const asked = changes.clock.slept.length;
    const done = await carryOut(ada, ada, order);
    expect([done.state, done.steps[0]?.outcome?.how]).toEqual(["refused", "looked_up"]);
    expect(done.steps[0]?.outcome?.says).toMatch(/it has not happened/);
    expect(changes.clock.slept.slice(asked)).toEqual([2_000, 5_000]);
    expect(changes.writes()).toHaveLength(1);
    // It may be planned anew.
    expect((await carryOut(ada, ada, order)).state).toBe("done");
    expect(changes.writes()).toHaveLength(2);
  });
});

it.each(["500", "529"])("takes the status %s for no answer", async (answer) => {
  await happensUnanswered(ORDERS["what is altered"]!, answer);
});

async function happensUnanswered(order: Order, answer: string): Promise<void> {
  await changes.emulator.faults.add({ id: "W01", params: { effect: "done", answer } });
  const done = await carryOut(ada, ada, order);
  expect([done.state, done.steps[0]?.outcome?.how]).toEqual(["done", "looked_up"]);
  expect(changes.writes()).toHaveLength(1);
  expect((await changes.trail()).at(-1)).toMatchObject({ event: "change.done", how: "looked_up" });
}

describe("when it cannot even be looked up", () => {
  const order = ORDERS["what is altered"]!;

  it("the outcome stays unknown until somebody looks again, and nothing more is sent", async () => {
    await changes.emulator.faults.add({ id: "W01", params: { effect: "done", answer: "cut" } });
    // The reads of the plan and of the look before it is sent go well; those after it do not.
    const { change, confirmation } = await ask(ada, catalog.planChange(), order);
    await ask(ada, catalog.approveChange(), { id: change.id });
    const broken = await changes.emulator.faults.add({
      id: "F13",
      match: `^/v1/organizations/users/${TINY.developer}$`,
      after: 2,
    });
    const unknown = await ask(ada, catalog.executeChange(), { ...order, confirmation });
    expect([unknown.state, unknown.steps[0]?.state]).toEqual(["unknown", "unknown"]);
    expect(unknown.steps[0]?.outcome?.says).toMatch(/could not be looked up: it may have happened or not/);
    await broken.remove();
    const settled = await ask(ada, catalog.lookUpChange(), { id: change.id });
    expect([settled.state, settled.steps[0]?.outcome?.how]).toEqual(["done", "looked_up"]);
    expect(changes.writes()).toHaveLength(1);
    const decided = { code: "changes.decided" };
    await expect(ask(ada, catalog.lookUpChange(), { id: change.id })).rejects.toMatchObject(decided);
  });

  it("one that was cut off in the middle is settled by looking", async () => {
    const { change, confirmation } = await ask(ada, catalog.planChange(), order);
    await ask(ada, catalog.approveChange(), { id: change.id });
    // As a process that ends here leaves it.
    const cut: OperationContext = {
      ...ada,
      keyring: {
        ...ada.keyring,
        writerFor: async () => ({
          writer: { send: () => Promise.reject(new Error("the process ended")) },
          close: async () => {},
        }),
      },
    };
    const executed = ask(cut, catalog.executeChange(), { ...order, confirmation });
    await expect(executed).rejects.toThrow("the process ended");
    expect((await ask(ada, catalog.getChange(), { id: change.id })).state).toBe("executing");
    const early = ask(ada, catalog.lookUpChange(), { id: change.id });
    await expect(early).rejects.toMatchObject({ code: "changes.decided" });
    changes.clock.set(changes.clock.now() + 3 * 60_000);
    const settled = await ask(ada, catalog.lookUpChange(), { id: change.id });
    expect([settled.state, settled.steps[0]?.outcome?.how]).toEqual(["refused", "looked_up"]);
    expect(changes.writes()).toEqual([]);
  });
});

it("says when something else came of it than was planned", async () => {
  const order = ORDERS["what is altered"]!;
  const { change, confirmation } = await ask(ada, catalog.planChange(), order);
  await ask(ada, catalog.approveChange(), { id: change.id });
  await changes.emulator.faults.add({ id: "W01", params: { effect: "none", answer: "cut" } });
  const grace = changes.emulator.world.directory.users.find(({ id }) => id === TINY.developer)!;
  // Somebody else gives another role while nobody knows what became of ours.
  const { sleep } = changes.clock;
  changes.clock.sleep = async (ms, signal) => {
    grace.role = "billing";
    await sleep(ms, signal);
  };
  const ended = await ask(ada, catalog.executeChange(), { ...order, confirmation });
  expect([ended.state, ended.steps[0]?.outcome?.asPlanned]).toEqual(["unknown", false]);
  expect(ended.steps[0]?.outcome?.says).toMatch(/neither as before nor as planned/);
});

it("leaves a ledger that verifies, signed after every change", async () => {
  await carryOut(ada, ada, ORDERS["an invite"]!);
  const verified = await ask(changes.operator, catalog.verifyLedger(), {});
  expect(verified).toMatchObject({ ok: true });
});
