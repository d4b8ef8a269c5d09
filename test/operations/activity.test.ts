import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { operatorCaller } from "../../src/access/index.ts";
import { dayOfInstant, dayText, parseDay, type Privacy } from "../../src/domain/index.ts";
import { catalog, runOperation, type Operation, type OperationContext } from "../../src/operations/index.ts";
import { loadPeople, readLeaves } from "../../src/store/index.ts";
import { withBursar } from "../support/bursar.ts";
import { activityRow, rosterRow } from "../support/activity-rows.ts";
import { cover, keepRecords, openTestStore } from "../support/metrics-store.ts";
import type { TestStore } from "../support/metrics-store.ts";
import { auditEvents, withSessions } from "../support/sessions.ts";
import { keepWorkedExample } from "../support/worked-example.ts";

const FOR_ALL = [
  "activeUsers",
  "powerUsers",
  "retention",
  "adoption",
  "onboarding",
  "codingActivity",
  "codingByTeam",
  "actions",
  "actionsByTeam",
  "licences",
] as const;
const BY_PERSON = ["adoptionPeople", "licencePeople"] as const;

const TEAMS: Privacy = { mode: "teams", minimumGroup: 5 };
const NOW = Date.parse("2026-12-20T08:00:00Z");

function contextOf({ store, scope }: TestStore, privacy: Privacy = scope.privacy): OperationContext {
  const used: Partial<OperationContext> = {
    store,
    scope: { ...scope, privacy },
    clock: { now: () => NOW } as OperationContext["clock"],
    caller: operatorCaller("cli"),
  };
  return used as OperationContext;
}

/** Every number under a name that says a value, however deep. */
function valuesIn(answer: unknown): number[] {
  if (Array.isArray(answer)) return answer.flatMap(valuesIn);
  if (typeof answer !== "object" || answer === null) return [];
  return Object.entries(answer).flatMap(([key, member]) =>
    typeof member === "number" && ["value", "people", "active", "eligible", "accepted", "sessions"].includes(key)
      ? [member]
      : valuesIn(member),
  );
}

describe("the pages about activity", () => {
  let empty: TestStore;
  let example: TestStore;
  beforeAll(async () => {
    empty = await openTestStore("sqlite");
    example = await openTestStore("sqlite");
    await keepWorkedExample(example);
  });
  afterAll(async () => {
    await empty.close();
    await example.close();
  });

  const ask = async (id: (typeof FOR_ALL | typeof BY_PERSON)[number], context: OperationContext) => {
    const operation = (await catalog[id]()) as unknown as Operation;
    const range = id.startsWith("licence") ? {} : { from: "2026-11-02", to: "2026-11-06" };
    return { operation, answer: await runOperation(context, operation, range) };
  };

  it.each([...FOR_ALL, ...BY_PERSON])("%s gives what it describes, and nothing else", async (id) => {
    for (const test of [empty, example]) {
      const { operation, answer } = await ask(id, contextOf(test));
      expect(operation.output.parse(answer)).toEqual(answer);
    }
  });

  it.each(FOR_ALL)("%s knows nothing of an empty store, and says so", async (id) => {
    const { answer } = await ask(id, contextOf(empty));
    expect(valuesIn(answer)).toEqual([]);
    expect(JSON.stringify(answer)).toMatch(/not_collected_yet|not_reported_by_source|not collected/);
  });

  it.each(FOR_ALL)("%s shows no figure of three people to who may not see people", async (id) => {
    const { operation, answer } = await ask(id, contextOf(example, TEAMS));
    operation.output.parse(answer);
    expect(valuesIn(answer)).toEqual([]);
    expect(JSON.stringify(answer)).not.toMatch(/@x\.io/);
  });

  it.each(BY_PERSON)("%s is for who may see people alone", async (id) => {
    const context = contextOf(example);
    const permissions = new Set(context.caller.permissions);
    permissions.delete("people");
    const asked = ask(id, { ...context, caller: { ...context.caller, permissions } });
    await expect(asked).rejects.toMatchObject({ code: "access.forbidden" });
  });

  it("refuses to name anybody where nobody is named", async () => {
    const where = ["person=ann@x.io"];
    for (const privacy of [TEAMS, example.scope.privacy]) {
      const asked = runOperation(contextOf(example, privacy), await catalog.activeUsers(), { where });
      await expect(asked).rejects.toMatchObject({ code: expect.stringMatching(/^(?:input|access)\./) });
    }
  });

  it("follows the tenant's own rule unless another is asked", async () => {
    const store = await openTestStore("sqlite");
    try {
      await keepWorkedExample(store);
      const { setSetting } = await import("../../src/store/index.ts");
      await store.store.write((tx) => setSetting(tx, store.scope, "tenant.activeRule", '"engaged"'));
      const range = { from: "2026-11-02", to: "2026-11-06" };
      const own = await runOperation(contextOf(store), await catalog.activeUsers(), range);
      expect([own.activeRule, own.headline.activePersonDays.value]).toEqual(["engaged", 3]);
      const asked = await runOperation(contextOf(store), await catalog.activeUsers(), { ...range, activeRule: "any" });
      expect(asked.headline.activePersonDays.value).toBe(5);
    } finally {
      await store.close();
    }
  });
});

describe("on what was synced", () => {
  it("gives the figures that reports give, today and as of a day", () =>
    withBursar({}, async ({ store, scope, sync, emulator, clock }) => {
      await sync();
      const emails = emulator.world.directory.users.map(({ email }) => email);
      const people = emails.map((email, at) => rosterRow(email, at % 2 === 0 ? "A" : "B"));
      await store.write((tx) => loadPeople(tx, scope, people));
      const test: TestStore = { store, scope, close: () => Promise.resolve() };
      const context = { ...contextOf(test), clock } as OperationContext;
      for (const more of [
        {},
        { where: [{ dimension: "team", value: "A" }] },
        { asOf: dayText(dayOfInstant(clock.now())) },
      ]) {
        const range = { from: "2026-10-24", to: "2026-10-31", ...more };
        const report = async (question: object) =>
          await runOperation(context, await catalog.report(), { ...range, ...question } as never);
        const users = await runOperation(context, await catalog.activeUsers(), range);
        const adopted = await runOperation(context, await catalog.adoption(), range);
        const coding = await runOperation(context, await catalog.codingActivity(), range);
        const decided = await runOperation(context, await catalog.actions(), range);
        for (const metric of ["dau", "wau", "mau"] as const) {
          const { rows } = await report({ metric });
          expect(users.series.map((day) => day[metric])).toEqual(rows.map(({ value }) => value));
        }
        expect(users.headline.periodActive.value).toBe((await report({ metric: "active_users" })).total.value);
        const weekly = await report({ metric: "active_users", grain: "week" });
        expect(users.headline.weeklyAverage.value).toBe(weekly.total.average);
        const adoption = await report({ metric: "adoption_rate", grain: "day" });
        expect(adopted.headline.rate.value).toBe(adoption.total.value);
        expect(adopted.series.map(({ daily }) => daily.value)).toEqual(adoption.rows.map(({ value }) => value));
        expect(adopted.headline.activeOutsideDenominator).toBe(adoption.activeOutsideDenominator!.length);
        const byTeam = await report({ metric: "adoption_rate", by: ["team"] });
        const rates = new Map(byTeam.rows.map((row) => [row["team"], row.value]));
        for (const { team, rate } of adopted.teams) expect([team, rate.value]).toEqual([team, rates.get(team)]);
        for (const { id, total } of coding.measures) {
          const sums = await report({ metric: id, population: "humans" });
          expect([id, total.value]).toEqual([id, sums.total.value]);
        }
        const accepted = await report({ metric: "accept_rate", population: "humans" });
        expect(decided.total.acceptRate.value).toBe(accepted.total.value);
        const perDay = await report({ metric: "accepted_per_active_day" });
        expect(decided.total.acceptedPerActiveDay.value).toBe(perDay.total.value);
        expect(users.headline.periodActive.value).toBeGreaterThan(0);
      }
    }));
});

describe("licences", () => {
  const last = parseDay("2026-12-15");

  async function withSeats(use: (context: OperationContext) => Promise<void>): Promise<void> {
    await withSessions(async ({ open }) => {
      const context = { ...(await open()), clock: { now: () => NOW } as OperationContext["clock"] };
      const { store, scope } = context;
      const test: TestStore = { store, scope, close: () => Promise.resolve() };
      await keepRecords(test, "claude_code", [activityRow(last, "busy@x.io"), activityRow(last - 40, "idle@x.io")]);
      await cover(test, "claude_code", last - 60, last);
      await store.write((tx) => loadPeople(tx, scope, [rosterRow("busy@x.io"), rosterRow("idle@x.io")]));
      await use(context);
    });
  }

  it("save nothing where use is paid, and the price of a seat where seats are", () =>
    withSeats(async (context) => {
      const ask = async () => runOperation(context, await catalog.licences(), {});
      expect(await ask()).toMatchObject({
        day: "2026-12-15",
        eligible: 2,
        reclaimable: 1,
        utilisation: { value: 0.5, lowSample: true },
        utilisationLabel: "member adoption",
        saving: { perMonth: "0.00", seatPriceUsd: null, reason: "pay_as_you_go" },
      });
      const { setSetting } = await import("../../src/store/index.ts");
      await context.store.write((tx) => setSetting(tx, context.scope, "tenant.seatPriceUsd", '"30.5"'));
      expect(await ask()).toMatchObject({
        utilisationLabel: "seat utilisation",
        saving: { perMonth: "30.50", seatPriceUsd: "30.5", reason: null },
      });
      const { people } = await runOperation(context, await catalog.licencePeople(), {});
      expect(people.map(({ person, savingPerMonth }) => [person, savingPerMonth])).toEqual([
        ["busy@x.io", null],
        ["idle@x.io", "30.50"],
      ]);
    }));

  it("of protected people are kept, and the ledger says neither who by e-mail nor why", () =>
    withSeats(async (context) => {
      const set = await catalog.setLicenceException();
      const on = await runOperation(context, set, {
        person: "IDLE@x.io",
        reason: "parental leave",
        until: "2027-03-31",
      });
      expect(on).toEqual({
        person: "p_idle@x.io",
        personId: "p_idle@x.io",
        reason: "parental leave",
        until: "2027-03-31",
        exceptions: 1,
      });
      const summary = await runOperation(context, await catalog.licences(), {});
      expect([summary.protected, summary.reclaimable]).toEqual([1, 0]);
      const { people } = await runOperation(context, await catalog.licencePeople(), {});
      expect(people[1]).toMatchObject({ state: "inactive_30", protected: { reason: "parental leave" } });
      const outsider = await runOperation(context, set, { person: "Guest@y.io", reason: "contractor" });
      expect(outsider).toMatchObject({ person: "guest@y.io", personId: null, until: null, exceptions: 2 });
      await runOperation(context, set, { person: "p_idle@x.io", reason: null });
      expect((await runOperation(context, await catalog.licences(), {})).reclaimable).toBe(1);
      expect(await auditEvents(context)).toEqual([
        "licence.exception_set",
        "licence.exception_set",
        "licence.exception_removed",
      ]);
      const leaves = await context.store.read((tx) => readLeaves(tx, context.scope, 0, 100));
      expect(leaves.map(({ payload }) => payload).join()).not.toMatch(/parental|guest@|contractor/);
    }));

  it("are protected for nobody who cannot be named, nor until a day that is none", () =>
    withSeats(async (context) => {
      const set = await catalog.setLicenceException();
      const nobody = runOperation(context, set, { person: "p_unknown", reason: "x" });
      await expect(nobody).rejects.toMatchObject({ code: "access.unknown" });
      const noDay = runOperation(context, set, { person: "idle@x.io", reason: "x", until: "2026-02-30" });
      await expect(noDay).rejects.toMatchObject({ code: "input.date_unreadable" });
    }));
});
