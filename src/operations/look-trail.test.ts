import { describe, expect, it } from "vitest";

import type { Caller } from "../access/index.ts";
import { readLeaves } from "../store/index.ts";
import { virtualClock } from "../../test/support/clock.ts";
import { withTwoTenants } from "../../test/support/two-tenants.ts";
import { catalog } from "./catalog/index.ts";
import type { OperationContext } from "./context.ts";
import type { Operation } from "./define.ts";
import { LookTrail } from "./look-trail.ts";

const PERSON = "p_0123456789ab";

async function looks({ store, scope }: OperationContext): Promise<unknown[]> {
  const leaves = await store.read((tx) => readLeaves(tx, scope, 0, 1_000));
  return leaves
    .map(({ payload }) => JSON.parse(payload ?? "{}") as Record<string, unknown>)
    .filter(({ event }) => event === "people.looked_at");
}

const listPeople = (await catalog.listPeople()) as unknown as Operation;
const report = (await catalog.report()) as unknown as Operation;

describe("a look at individuals", () => {
  it("leaves a trace of who looked and at whom, once for a while", () =>
    withTwoTenants(async ({ signIn, enter }) => {
      const context = await enter(await signIn({ acme: { role: "viewer", people: true } }), "acme");
      const clock = virtualClock(0);
      const trail = new LookTrail(clock);
      await trail.note(context, listPeople, { personId: PERSON });
      await trail.note(context, listPeople, { personId: PERSON });
      expect(await looks(context)).toEqual([
        { event: "people.looked_at", operation: "listPeople", person: PERSON, by: `account:${context.caller.id}` },
      ]);
      await trail.note(context, listPeople, { personId: "p_ffffffffffff" });
      clock.set(15 * 60_000);
      await trail.note(context, listPeople, { personId: PERSON });
      expect(await looks(context)).toHaveLength(3);
    }));

  it("is also a report by person, or of one person; other reports are none", () =>
    withTwoTenants(async ({ signIn, enter }) => {
      const context = await enter(await signIn({ acme: { role: "viewer", people: true } }), "acme");
      const count = async (input: Record<string, unknown>) => {
        const before = (await looks(context)).length;
        await new LookTrail(virtualClock(0)).note(context, report, input);
        return (await looks(context)).length - before;
      };
      expect(await count({ metric: "cost", by: ["team"] })).toBe(0);
      expect(await count({ metric: "cost", by: ["person"] })).toBe(1);
      expect(await count({ metric: "cost", where: ["person=ada@example.com"] })).toBe(1);
      expect(await count({ metric: "cost", where: [{ dimension: "person", value: "ada@example.com" }] })).toBe(1);
      expect(JSON.stringify(await looks(context))).not.toContain("ada@example.com");
    }));

  it("is none of the operator, of who sees nobody, and of oneself", () =>
    withTwoTenants(async ({ signIn, enter, operator }) => {
      const trail = new LookTrail(virtualClock(0));
      await trail.note(operator("acme"), listPeople, {});
      const viewer = await enter(await signIn({ acme: { role: "viewer" } }), "acme");
      await trail.note(viewer, listPeople, {});
      const seeing = await enter(await signIn({ acme: { role: "viewer", people: true } }), "acme");
      const self: Caller = { ...seeing.caller, personId: PERSON };
      await trail.note({ ...seeing, caller: self }, listPeople, { personId: PERSON });
      expect(await looks(viewer)).toEqual([]);
    }));
});
