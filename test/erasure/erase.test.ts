import { cp, rm } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { dayOfInstant, dayText, isFailure, type FailureCode } from "../../src/domain/index.ts";
import { permissionsOf } from "../../src/access/index.ts";
import { catalog, runOperation, runWithoutRecord, type OperationContext } from "../../src/operations/index.ts";
import { listMembers, listPeople, listStale, storedVersions } from "../../src/store/index.ts";
import { stateDigest } from "../../src/sync/index.ts";
import { exportTo, syncMain } from "../support/rolled-back.ts";
import { auditEvents } from "../support/sessions.ts";
import { somebody, withSomebody } from "../support/somebody.ts";
import { bytesBelow, foundIn } from "../support/spellings.ts";

const plan = async (context: OperationContext, person: string, also: string[] = []) =>
  runOperation(context, await catalog.planErasure(), { person, also });
const erase = async (context: OperationContext, person: string, confirm = person) =>
  runOperation(context, await catalog.erasePerson(), { person, confirm });
const verified = async (context: OperationContext) => runOperation(context, await catalog.verify(), {});
const doctor = async (context: OperationContext, rebuild = false) =>
  runOperation(context, await catalog.doctor(), { rebuild });

const METRICS = ["dau", "sessions", "cost", "adoption_rate", "cache_creation_tokens"];

/** What the organization's totals are, day by day, as they stand and as of today, which looks at versions alone. */
async function totals(context: OperationContext) {
  const found: Record<string, unknown> = {};
  for (const metric of METRICS) {
    for (const asOf of [{}, { asOf: dayText(dayOfInstant(context.clock.now())) }]) {
      const question = { metric, from: "2026-10-29", to: "2026-10-31", grain: "day" as const, ...asOf };
      const { rows } = await runOperation(context, await catalog.report(), question);
      // Whose they are is what changed; how many there are and what each says is not.
      found[`${metric} ${asOf.asOf ?? ""}`] = rows.map((row) => JSON.stringify({ ...row, person: "" })).toSorted();
    }
  }
  return found;
}

describe("erasing a person", () => {
  it("leaves nothing of them in any file, and every total as it was", () =>
    withSomebody(async ({ context, ada, folder, beside }) => {
      const identifiers = [ada.email, ada.name, ada.userId, "ada.alias@example.org", "Ada asked"];
      expect(foundIn(await bytesBelow(folder), identifiers)).toEqual(identifiers);
      const before = await totals(context);
      await exportTo(context, beside("before"));

      const { held, confirmation } = await plan(context, ada.email);
      expect(confirmation).toBe(ada.email);
      expect(held.records.map(({ stream }) => stream)).toContain("claude_code");
      const done = await erase(context, ada.email);
      expect(done.held).toEqual(held);

      expect(foundIn(await bytesBelow(folder), identifiers)).toEqual([]);
      expect(await totals(context)).toEqual(before);
      expect(await verified(context)).toMatchObject({ ok: true, failures: [] });
      expect((await doctor(context)).checks.filter(({ ok }) => !ok)).toEqual([]);
      await exportTo(context, beside("after"));
      expect(foundIn(await bytesBelow(beside("after")), identifiers)).toEqual([]);
      const dir = beside("before");
      expect(await runOperation(context, await catalog.verify(), { dir })).toMatchObject({ ok: true });
      expect(await auditEvents(context)).toContain("person.erased");
      const { store, scope } = context;
      expect((await store.read((tx) => listMembers(tx, scope))).length).toBe(0);
      const left = await store.read((tx) => listPeople(tx, scope));
      expect(left.find(({ name }) => name === "Bo Boss")?.manager).toMatch(/@erased\.invalid$/);
      expect(new Set(left.map(({ team }) => team))).toEqual(new Set(["Core", null]));
    }));

  it("tries a plan and undoes it", () =>
    withSomebody(async ({ context, ada }) => {
      const { store, scope, streams } = context;
      const digest = await stateDigest(store, scope, streams);
      const first = await plan(context, ada.email);
      expect(await stateDigest(store, scope, streams)).toBe(digest);
      expect(await somebody(context)).toEqual(ada);
      expect((await plan(context, ada.email)).held.records).toEqual(first.held.records);
      expect(await verified(context)).toMatchObject({ ok: true });
    }));

  it("is not undone by the next sync, by what is restated, nor by building rows anew", () =>
    withSomebody(async ({ context, world, ada, folder }) => {
      const identifiers = [ada.email, ada.name, ada.userId];
      await erase(context, ada.email);
      const csv = `email,name\n${ada.email},${ada.name}\nboss@example.org,Bo Boss\n`;
      expect(await runOperation(context, await catalog.loadPeople(), { csv })).toMatchObject({ people: 1, leftOut: 1 });
      const before = await totals(context);
      const { store, scope, streams } = context;
      const digest = await stateDigest(store, scope, streams);
      await syncMain(context, "2026-10-29");
      expect(await stateDigest(store, scope, streams)).toBe(digest);
      expect(await totals(context)).toEqual(before);
      const live = { ...context, upstream: { url: world.url, isChosen: true } };
      const members = await runOperation(live, await catalog.adminPeople(), { kind: "users", live: true });
      expect(members).toMatchObject({ source: "anthropic" });
      expect(JSON.stringify(members)).toContain("@erased.invalid");
      expect(foundIn(JSON.stringify(members), identifiers)).toEqual([]);
      expect((await doctor(context, true)).rebuilt).toMatchObject({ mended: false });
      for (const day of ["2026-10-29", "2026-10-30", "2026-10-31"]) {
        world.world.overlay.restate({ day, stream: "claude_code", factor: 2 });
      }
      await syncMain(context, "2026-10-29");
      expect(await totals(context)).not.toEqual(before);
      const versions: number[] = [];
      await store.read(async (tx) => {
        for await (const one of storedVersions(tx, scope, { stream: "claude_code", currentOnly: true })) {
          if (one.nk.includes("@erased.invalid")) versions.push(one.ver);
        }
      });
      expect(new Set(versions)).toEqual(new Set([2]));
      expect(foundIn(await bytesBelow(folder), identifiers)).toEqual([]);
      expect(await verified(context)).toMatchObject({ ok: true });
      expect(await store.read((tx) => listStale(tx, scope))).toEqual([]);
    }));

  it("asked for again, by whatever has stood for them since too, finds nothing more and changes nothing", () =>
    withSomebody(async ({ context, ada }) => {
      const { subject } = await erase(context, ada.email);
      const { store, scope, streams } = context;
      const digest = await stateDigest(store, scope, streams);
      const people = await store.read((tx) => listPeople(tx, scope));
      const standIn = people.find(({ personId }) => personId === subject)!.emails[0]!;
      for (const person of [ada.email, ada.userId, subject, standIn]) {
        const { held, confirmation } = await plan(context, person);
        const again = await erase(context, person, confirmation);
        expect({ held, of: again.subject }, person).toEqual({ held: again.held, of: subject });
        expect([held.records, held.leaves, held.own, held.closedLeaves], person).toEqual([[], [], [], 0]);
      }
      await syncMain(context, "2026-10-29");
      expect(await stateDigest(store, scope, streams)).toBe(digest);
    }));

  it("is refused for nobody, without the words of the plan, by a token, and of the last admin", () =>
    withSomebody(async ({ context, ada }) => {
      const failing = (code: FailureCode) => (thrown: unknown) => isFailure(thrown, code);
      await expect(plan(context, "nobody@example.org")).rejects.toSatisfy(failing("access.unknown"));
      await expect(erase(context, "nobody@example.org")).rejects.toSatisfy(failing("access.unknown"));
      await expect(erase(context, ada.email, "yes")).rejects.toSatisfy(failing("input.invalid"));
      const byToken = { ...context, caller: { ...context.caller, kind: "token" as const } };
      await expect(erase(byToken, ada.email)).rejects.toSatisfy(failing("access.not_by_token"));
      const auditor = { ...context, caller: { ...context.caller, permissions: permissionsOf("auditor", true) } };
      await expect(erase(auditor, ada.email)).rejects.toSatisfy(failing("access.forbidden"));
      const account = { account: ada.email, role: "admin" as const };
      await runOperation(context, await catalog.changeAccount(), account);
      await expect(erase(context, ada.email)).rejects.toSatisfy(failing("access.last_admin"));
      expect(await somebody(context)).toEqual(ada);
    }));
});

describe("a restore from before the erasure", () => {
  it("erases again whom the list beside the database names", () =>
    withSomebody(async ({ context, ada, folder, beside, open }) => {
      await runOperation(context, await catalog.backup(), { dir: beside("backup"), withKek: true });
      await erase(context, ada.email);
      const after = await totals(context);
      const from = beside("backup");
      const to = beside("new");
      await cp(join(folder, "erased"), join(to, "erased"), { recursive: true });
      await runWithoutRecord(await catalog.restoreBackup(), { from, to });
      const restored = await open(to);
      expect(await somebody(restored)).toEqual(ada);
      const looked = await runOperation(restored, await catalog.restored(), {});
      expect(looked.forgotten).toBeGreaterThan(0);
      expect(foundIn(await bytesBelow(to), [ada.email, ada.name, ada.userId])).toEqual([]);
      expect(await totals(restored)).toEqual(after);
      expect(await verified(restored)).toMatchObject({ ok: true });
    }));

  it("takes what was recorded again from an export, and nothing of the person with it", () =>
    withSomebody(async ({ context, ada, folder, beside, open }) => {
      await runOperation(context, await catalog.backup(), { dir: beside("backup"), withKek: true });
      await erase(context, ada.email);
      await exportTo(context, beside("export"));
      const { store, scope, streams } = context;
      const digest = await stateDigest(store, scope, streams);
      await store.close();
      for (const file of ["bursar.db", "bursar.db-wal", "bursar.db-shm"]) await rm(join(folder, file), { force: true });
      await runWithoutRecord(await catalog.restoreBackup(), { from: beside("backup"), to: folder });
      const restored = await open();
      expect(await runOperation(restored, await catalog.restored(), {})).toMatchObject({ forgotten: null });
      await runOperation(restored, await catalog.recoverLedger(), { from: beside("export") });
      expect(await stateDigest(restored.store, scope, streams)).toBe(digest);
      expect(foundIn(await bytesBelow(folder), [ada.email, ada.name, ada.userId])).toEqual([]);
      expect(await verified(restored)).toMatchObject({ ok: true });
      expect((await doctor(restored)).checks.filter(({ ok }) => !ok)).toEqual([]);
    }));
});
