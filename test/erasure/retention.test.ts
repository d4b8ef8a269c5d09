import { describe, expect, it } from "vitest";

import type { Emulator } from "../../src/emulator/index.ts";
import { dayText, isFailure, parseDay, type Json } from "../../src/domain/index.ts";
import { catalog, runOperation, type OperationContext } from "../../src/operations/index.ts";
import { listAnomalies, putAnomaly, readLeaves, storedVersions } from "../../src/store/index.ts";
import { stateDigest } from "../../src/sync/index.ts";
import { connectTo, syncMain } from "../support/rolled-back.ts";
import { auditEvents, withSessions } from "../support/sessions.ts";

const DAY_MS = 86_400_000;
const DAYS = ["2026-10-29", "2026-10-30", "2026-10-31"];
const KEPT = 92;
const METRICS = ["dau", "sessions", "cost", "tokens", "active_person_days"];

/** So many days after the last of the world, by our clock. */
const later = (context: OperationContext, days: number): OperationContext => {
  const now = lastDayPlus(days);
  return { ...context, clock: { ...context.clock, now: () => now } };
};
const lastDayPlus = (days: number) => (parseDay("2026-10-31") + days) * DAY_MS;
const setTo = async (context: OperationContext, days: number | null) =>
  runOperation(context, await catalog.changeSettings(), { settings: { "retention.identityDays": days } });
const apply = async (context: OperationContext) => runOperation(context, await catalog.applyRetention(), {});
const preview = async (context: OperationContext, days?: number) =>
  runOperation(context, await catalog.previewRetention(), days === undefined ? {} : { identityDays: days });

async function totals(context: OperationContext) {
  const found: Record<string, unknown> = {};
  for (const metric of METRICS) {
    for (const asOf of [{}, { asOf: dayText(Math.floor(Date.now() / DAY_MS)) }]) {
      const question = { metric, from: DAYS[0]!, to: DAYS[2]!, grain: "day" as const, ...asOf };
      found[`${metric} ${asOf.asOf ?? ""}`] = (await runOperation(context, await catalog.report(), question)).rows;
    }
  }
  return found;
}

/** What the payloads of a day's reports say that looks like somebody. */
async function named({ store, scope, streams }: OperationContext): Promise<Record<string, Set<string>>> {
  const found: Record<string, Set<string>> = {};
  await store.read(async (tx) => {
    for (const { name, shape } of streams) {
      if (shape.kind !== "report") continue;
      for await (const { payload, day, nk } of storedVersions(tx, scope, { stream: name, currentOnly: false })) {
        if ((JSON.parse(nk) as Json[]).includes("api_actor")) continue;
        const texts = (found[dayText(day!)] ??= new Set());
        for (const [text] of payload!.matchAll(/[^"@:]+@[^"@]+|user_[A-Za-z]*\d[A-Za-z0-9]*/g)) texts.add(text);
      }
    }
  });
  return found;
}

const isAged = (text: string) => /@aged\.invalid$|^user_aged/.test(text);

/** Both clocks move on to so many days after the last of the world, and a list is read: what months owe besides takes long. */
async function wait(context: OperationContext, world: Emulator, days: number) {
  world.clock.set(lastDayPlus(days));
  const then = later(context, days);
  return { later: then, ...(await runOperation(then, await catalog.sync(), { streams: ["users"] })) };
}

async function withRecord(use: (context: OperationContext, world: Emulator) => Promise<void>): Promise<void> {
  await withSessions(async ({ open, emulator }) => {
    const context = await open();
    const world = await emulator(3);
    await connectTo(context, world);
    await syncMain(context, DAYS[0]);
    await use({ ...context, upstream: { url: world.url, isChosen: true } }, world);
  });
}

describe("retention by age", () => {
  it("puts old days under pseudonyms, keeps every sum, and leaves a ledger that verifies", () =>
    withRecord(async (context, world) => {
      const { store, scope, streams } = context;
      // A day older than is kept: the first, and not the other two.
      const readAt = world.clock.now();
      const { later: then } = await wait(context, world, KEPT - 1);
      const before = await totals(context);
      await setTo(context, KEPT);
      const planned = await preview(then);
      expect(planned).toMatchObject({ before: DAYS[1], done: null });
      expect(planned.records.map(({ stream }) => stream)).toContain("claude_code");
      expect(planned.records.every(({ from, to }) => from === DAYS[0] && to === DAYS[0])).toBe(true);

      const done = await apply(then);
      expect(done).toMatchObject({ before: DAYS[1], people: planned.people });
      expect(done.versions).toBe(planned.records.reduce((sum, { records }) => sum + records, 0));
      const after = await named(context);
      expect([...after[DAYS[0]!]!].length).toBeGreaterThan(0);
      expect([...after[DAYS[0]!]!].filter((text) => !isAged(text))).toEqual([]);
      expect([...after[DAYS[1]!]!].filter(isAged)).toEqual([]);

      expect(await totals(context)).toEqual(before);
      expect(await runOperation(context, await catalog.verify(), {})).toMatchObject({ ok: true, failures: [] });
      const doctor = await runOperation(context, await catalog.doctor(), { rebuild: true });
      expect(doctor.checks.filter(({ ok }) => !ok)).toEqual([]);
      expect(doctor.rebuilt).toMatchObject({ mended: false });
      expect(await auditEvents(context)).toContain("retention.applied");
      const leaves = await store.read((tx) => readLeaves(tx, scope, 0, 1_000_000));
      expect(leaves.filter(({ erasedBy }) => erasedBy !== null).length).toBe(done.versions);

      // Again on the same day, and with nothing new, it does nothing; nor does a sync bring anything back.
      const digest = await stateDigest(store, scope, streams);
      expect(await apply(then)).toMatchObject({ versions: 0, days: 0 });
      world.clock.set(readAt);
      await syncMain(then, DAYS[0]);
      expect(await stateDigest(store, scope, streams)).toBe(digest);
      expect((await preview(then)).done).toMatchObject({ before: DAYS[1] });
    }));

  it("forgets whose days were unusual, and stops where somebody decides otherwise meanwhile", () =>
    withRecord(async (context, world) => {
      const { store, scope } = context;
      const unusual = (day: string, dimension: string) =>
        store.write((tx) =>
          putAnomaly(tx, scope, {
            anomalyId: `anomaly:${dimension}:ann@x.io:${day}`,
            dimension,
            day: parseDay(day),
            title: "ann@x.io spent $90",
            state: "open",
            openedMs: 0,
            acknowledgedMs: null,
            acknowledgedBy: null,
            resolvedMs: null,
            resolvedBy: null,
          }),
        );
      await unusual(DAYS[0]!, "person");
      await unusual(DAYS[1]!, "person");
      await unusual(DAYS[0]!, "team");
      const { later: then } = await wait(context, world, 2 * KEPT);
      const withdrawn = { ...then, onStep: () => void held.push(setTo(context, null)) };
      const held: Promise<unknown>[] = [];
      await setTo(context, KEPT);
      const stopped = await runOperation(withdrawn, await catalog.applyRetention(), {});
      await Promise.all(held);
      expect(stopped.before).toBe(null);
      expect(stopped.days).toBeLessThan(2);
      expect([...(await named(context))[DAYS[2]!]!].filter(isAged)).toEqual([]);

      await setTo(context, KEPT);
      await apply(later(context, KEPT - 1));
      const left = await store.read((tx) => listAnomalies(tx, scope, 0));
      expect(left.map(({ dimension, day }) => [dimension, dayText(day)])).toEqual([
        ["person", DAYS[1]],
        ["team", DAYS[0]],
      ]);
    }));

  it("comes after a sync by itself, and goes on where it was", () =>
    withRecord(async (context, world) => {
      const question = { metric: "active_users", from: DAYS[0]!, to: DAYS[2]! };
      const active = async () => (await runOperation(context, await catalog.report(), question)).total.value;
      const before = { named: await named(context), active: await active() };
      expect((await wait(context, world, 10)).retention).toBe(null);
      expect(await named(context)).toEqual(before.named);
      await setTo(context, KEPT);
      // Whoever synced is told: it cannot be undone.
      expect((await wait(context, world, KEPT)).retention).toMatchObject({ before: DAYS[2] });
      expect([...(await named(context))[DAYS[2]!]!].filter(isAged)).toEqual([]);
      await wait(context, world, 2 * KEPT);
      const texts = Object.values(await named(context)).flatMap((found) => [...found]);
      expect(texts.filter((text) => !isAged(text))).toEqual([]);
      // One person is one over all days, whenever these came under pseudonyms.
      expect(await active()).toBe(before.active);
    }));

  it("waits while this machine's clock is more than a day ahead of Anthropic's, and says so", () =>
    withRecord(async (context, world) => {
      const logged: unknown[] = [];
      const log: OperationContext["log"] = (_, event, facts) => void logged.push([event, facts?.["code"]]);
      await setTo(context, KEPT);
      const before = await named(context);
      // The clock jumps: every day would be too old at once.
      const jumped = { ...later(context, 4000), log };
      await syncMain(jumped);
      expect(await named(context)).toEqual(before);
      expect(logged).toContainEqual(["retention.not_applied", "sync.clock_ahead"]);
      await expect(apply(jumped)).rejects.toSatisfy((thrown) => isFailure(thrown, "sync.clock_ahead"));
      const { heldBack } = await preview(jumped);
      expect(heldBack).toMatch(/clock says 2037-10-13 00:00 UTC, and Anthropic's said 2026-1\d-\d\d/);
      // Time alone does the same as long as nobody reads; and a clock that is set right goes on.
      const { later: then } = await wait(context, world, KEPT - 1);
      expect((await preview(then)).heldBack).toBe(null);
      expect([...(await named(context))[DAYS[0]!]!].filter(isAged)).not.toEqual([]);
    }));

  it("is refused below 92 days and of a token, and is no way around a later erasure", () =>
    withRecord(async (context, world) => {
      await expect(setTo(context, 91)).rejects.toSatisfy((thrown) => isFailure(thrown, "input.invalid"));
      const byToken = { ...context, caller: { ...context.caller, kind: "token" as const } };
      await expect(setTo(byToken, KEPT)).rejects.toSatisfy((thrown) => isFailure(thrown, "access.not_by_token"));
      const [email] = [...(await named(context))[DAYS[2]!]!].filter((text) => text.includes("@"));
      await setTo(context, KEPT);
      await wait(context, world, 2 * KEPT);
      const erase = await catalog.erasePerson();
      const { held } = await runOperation(context, erase, { person: email!, confirm: email! });
      expect(held.records.map(({ stream }) => stream)).toContain("claude_code");
      expect(await runOperation(context, await catalog.verify(), {})).toMatchObject({ ok: true });
    }));
});
