import { afterEach, describe, expect, it } from "vitest";

import { activityRow, inviteRow, memberRow, rosterRow } from "../../../test/support/activity-rows.ts";
import { cover, keepRecords, openTestStore } from "../../../test/support/metrics-store.ts";
import type { TestStore } from "../../../test/support/metrics-store.ts";
import { dayText, parseDay } from "../../domain/index.ts";
import type { DayNumber } from "../../domain/index.ts";
import { loadPeople } from "../../store/index.ts";
import { adoptionPeopleOf } from "./adoption-people.ts";
import { adoptionOf } from "./adoption.ts";
import { readActivity } from "./frame.ts";
import type { Activity, ActivityQuestion } from "./frame.ts";
import { licencesOf, licenceSummaryOf } from "./licences.ts";
import type { LicenceTerms } from "./licences.ts";
import { onboardingOf } from "./onboarding.ts";

const FIRST = parseDay("2026-06-01");
const LAST = FIRST + 119;
const NOW = parseDay("2027-01-01") * 86_400_000;
const TERMS: LicenceTerms = { graceDays: 14, idleDays: 30, exceptions: new Map() };

let open: TestStore | undefined;
afterEach(() => open?.close());

async function kept(daysAgo: Readonly<Record<string, number>>, from = FIRST): Promise<TestStore> {
  open = await openTestStore("sqlite");
  const rows = Object.entries(daysAgo).map(([name, days]) => activityRow(LAST - days, `${name}@x.io`));
  await keepRecords(open, "claude_code", rows);
  await cover(open, "claude_code", from, LAST);
  return open;
}

function look<T extends object>(
  { store, scope }: TestStore,
  use: (activity: Activity) => Promise<T>,
  question: ActivityQuestion = {},
): Promise<T> {
  return readActivity(store, scope, question, NOW, use);
}

async function roster(store: TestStore, people: Readonly<Record<string, DayNumber | null>>): Promise<void> {
  const rows = Object.entries(people).map(([name, since]) => rosterRow(`${name}@x.io`, "A", [since, null]));
  await store.store.write((tx) => loadPeople(tx, store.scope, rows));
}

describe("a licence", () => {
  it("is idle after as many whole days as its state says", async () => {
    const store = await kept({ a: 0, b: 13, c: 14, d: 29, e: 30, f: 59, g: 60, h: 90 });
    await roster(store, Object.fromEntries("abcdefghi".split("").map((name) => [name, null])));
    const { licences } = await look(store, (one) => licencesOf(one, TERMS));
    expect(licences!.map(({ person, state, reclaimable }) => [person[0], state, reclaimable])).toEqual([
      ["a", "active", false],
      ["b", "active", false],
      ["c", "inactive_14", false],
      ["d", "inactive_14", false],
      ["e", "inactive_30", true],
      ["f", "inactive_30", true],
      ["g", "inactive_60", true],
      ["h", "inactive_90", true],
      ["i", "never_active", true],
    ]);
    expect(licences![7]).toMatchObject({ lastActive: dayText(LAST - 90), daysSince: 90 });
  });

  it("is new in its days of grace, and never used after them", async () => {
    const store = await kept({});
    await roster(store, { grace: LAST - 13, late: LAST - 14, coming: LAST + 1 });
    const { licences } = await look(store, (one) => licencesOf(one, TERMS));
    expect(licences!.map(({ person, state }) => [person, state])).toEqual([
      ["grace@x.io", "new"],
      ["late@x.io", "never_active"],
    ]);
  });

  it("is unknown where the store does not know enough days, and then not recommended", async () => {
    const young = await kept({ c: 14 }, LAST - 20);
    await roster(young, { c: null, never: null });
    const { licences } = await look(young, (one) => licencesOf(one, TERMS));
    expect(licences!.map(({ state, reclaimable }) => [state, reclaimable])).toEqual([
      ["inactive_14", false],
      ["unknown", false],
    ]);
    await young.close();
    const gap = await kept({ e: 40 }, LAST - 60);
    const { store, scope } = gap;
    await roster(gap, { e: null });
    const { setCoverage } = await import("../../store/index.ts");
    const partial = { day: LAST - 5, state: "partial" as const, readAtMs: NOW, revised: 0, refreshedAtMs: null };
    const organization = (await look(gap, (one) => Promise.resolve({ id: one.asking.organizations[0]!.id }))).id;
    await store.write((tx) => setCoverage(tx, scope, organization, "claude_code", [partial]));
    expect((await look(gap, (one) => licencesOf(one, TERMS))).licences![0]!.state).toBe("unknown");
  });

  it("that is protected is not taken back, until its day", async () => {
    const store = await kept({ e: 40, f: 40 });
    await roster(store, { e: null, f: null });
    const exceptions = new Map([
      ["p_e@x.io", { reason: "leave", until: LAST }],
      ["p_f@x.io", { reason: "leave", until: LAST - 1 }],
    ]);
    const summary = await look(store, (one) => licenceSummaryOf(one, { ...TERMS, exceptions }));
    expect(summary).toMatchObject({ eligible: 2, protected: 1, reclaimable: 1 });
    expect(summary.states.find(({ id }) => id === "inactive_30")!.people).toBe(2);
    const ninety = await look(store, (one) => licenceSummaryOf(one, { ...TERMS, idleDays: 90 }));
    expect(ninety.reclaimable).toBe(0);
  });

  it("is not judged by a part of what somebody does", async () => {
    const store = await kept({ e: 40 });
    const where = [{ dimension: "terminal", value: "vscode" }];
    await expect(look(store, (one) => licencesOf(one, TERMS), { where })).rejects.toThrow(
      "licences cannot be split by terminal",
    );
  });
});

describe("members", () => {
  it("count from the day they were added, invited ones never, and who was removed stands outside", async () => {
    const store = await kept({ removed: 1, early: 2, late: 0 });
    await keepRecords(store, "users", [
      memberRow("early@x.io", FIRST),
      memberRow("late@x.io", LAST - 1),
      memberRow("bill@x.io", FIRST, "billing"),
    ]);
    await keepRecords(store, "invites", [inviteRow("pending@x.io", LAST - 3, null, "pending")]);
    const range = { from: dayText(LAST - 3), to: dayText(LAST) };
    const { denominator, series, headline } = await look(store, adoptionOf, range);
    expect(denominator).toBe("org_members");
    expect(series.map(({ eligible }) => eligible)).toEqual([1, 1, 2, 2]);
    expect(series.map(({ daily }) => daily.value)).toEqual([0, 1, 0, 0.5]);
    expect(headline.rate.value).toBe(1);
    expect(headline.activeOutsideDenominator).toBe(1);
    const people = await look(store, adoptionPeopleOf, range);
    expect(people.outside.map(({ person, lastActive }) => [person, lastActive])).toEqual([
      ["removed@x.io", dayText(LAST - 1)],
    ]);
    expect(people.notStarted).toEqual([]);
  });
});

describe("adoption by person", () => {
  it("tells who never began from who stopped", async () => {
    const store = await kept({ busy: 3, edge: 27, gone: 28 });
    await roster(store, { busy: null, edge: null, gone: null, never: null });
    await keepRecords(store, "invites", [inviteRow("never@x.io", LAST - 40, null, "expired")]);
    const { notStarted, lapsed } = await look(store, adoptionPeopleOf);
    expect(notStarted.map(({ person, invite }) => [person, invite])).toEqual([["never@x.io", "expired"]]);
    expect(lapsed.map(({ person, daysSince }) => [person, daysSince])).toEqual([["gone@x.io", 28]]);
    const counts = await look(store, adoptionOf);
    expect([counts.notStarted, counts.lapsed]).toEqual([1, 1]);
  });
});

describe("onboarding", () => {
  it("counts each step, and measures only those whose two days are known", async () => {
    open = await openTestStore("sqlite");
    const on = (day: number) => FIRST + day;
    await keepRecords(open, "invites", [
      inviteRow("a@x.io", on(40), on(42), "accepted"),
      inviteRow("b@x.io", on(40), on(44), "accepted"),
      inviteRow("c@x.io", on(40), null, "pending"),
      inviteRow("later@x.io", LAST + 1, null, "pending"),
    ]);
    // A member since before the first day that is held: what they did first is not known.
    await keepRecords(open, "users", [memberRow("old@x.io", FIRST - 100), memberRow("bill@x.io", FIRST, "billing")]);
    await keepRecords(open, "claude_code", [
      activityRow(on(45), "a@x.io"),
      activityRow(on(48), "a@x.io", { accepted: 1 }),
      activityRow(on(49), "a@x.io", { commits: 1 }),
      activityRow(on(44), "b@x.io", { accepted: 1 }),
      activityRow(on(1), "old@x.io", { pullRequests: 1 }),
    ]);
    await cover(open, "claude_code", FIRST, LAST);
    const { steps } = await look(open, onboardingOf);
    expect(steps.map(({ id, people, open: pending }) => [id, people, pending])).toEqual([
      ["invited", 4, 0],
      ["accepted", 3, 1],
      ["first_session", 3, 0],
      ["first_accepted_edit", 3, 0],
      ["first_commit_or_pull_request", 2, 1],
    ]);
    expect(steps.map(({ medianDays, measured }) => [medianDays.value, measured])).toEqual([
      [null, 0],
      [3, 2],
      [1.5, 2],
      [1.5, 2],
      [1, 1],
    ]);
    expect(steps[4]!.ofInvited.value).toBe(0.5);
    const scope = { ...open.scope, privacy: { mode: "teams" as const, minimumGroup: 2 } };
    const hidden = await look({ ...open, scope }, onboardingOf);
    expect(hidden.steps.map(({ people, medianDays }) => [people, medianDays.value, medianDays.reason])).toEqual([
      [4, null, "not_reported_by_source"],
      [3, 3, undefined],
      [3, 1.5, undefined],
      [3, 1.5, undefined],
      [2, null, "suppressed_for_privacy"],
    ]);
  });
});

describe("who may not see people", () => {
  it("gets no figure of a team that is too small, and none that gives it away", async () => {
    const names = Array.from({ length: 12 }, (_, at) => `p${at}`);
    const store = await kept(Object.fromEntries(names.map((name) => [name, 1])));
    const team = (at: number) => (at < 6 ? "Big" : at < 10 ? "Small" : "Tiny");
    const people = names.map((name, at) => rosterRow(`${name}@x.io`, team(at)));
    await store.store.write((tx) => loadPeople(tx, store.scope, people));
    const scope = { ...store.scope, privacy: { mode: "teams" as const, minimumGroup: 5 } };
    const hidden: TestStore = { ...store, scope };
    const { teams, headline } = await look(hidden, adoptionOf);
    expect(headline.rate.value).toBe(1);
    expect(teams.map(({ team: name, rate, reason }) => [name, rate.value, reason])).toEqual([
      ["Big", 1, undefined],
      ["Small", null, "suppressed_for_privacy"],
      ["Tiny", null, "suppressed_for_privacy"],
    ]);
    const tiny = await look(hidden, adoptionOf, { where: [{ dimension: "team", value: "Tiny" }] });
    expect(tiny.headline.rate).toMatchObject({ value: null, reason: "suppressed_for_privacy" });
    expect([tiny.teams, tiny.notStarted, tiny.lapsed]).toEqual([[], null, null]);
    expect(tiny.series.every(({ eligible, daily }) => eligible === null && daily.value === null)).toBe(true);
    const named = await look(store, adoptionOf, { where: [{ dimension: "team", value: "Tiny" }] });
    expect(named.headline.eligible.value).toBe(2);
  });

  it("is not told of a team by those who are left when all others are", async () => {
    const names = Array.from({ length: 16 }, (_, at) => `p${at}`);
    const store = await kept(Object.fromEntries(names.slice(0, 15).map((name) => [name, 1])));
    const team = (at: number) => (at < 6 ? "Six" : at < 11 ? "Five" : "Members");
    await store.store.write((tx) =>
      loadPeople(
        tx,
        store.scope,
        names.map((name, at) => rosterRow(`${name}@x.io`, team(at))),
      ),
    );
    // On the roster each is a group; of the third, three are members, and one is active without being one.
    await keepRecords(
      store,
      "users",
      names.filter((_, at) => at < 13 || at === 15).map((name) => memberRow(`${name}@x.io`, FIRST)),
    );
    const scope = { ...store.scope, privacy: { mode: "teams" as const, minimumGroup: 5 } };
    const asked: ActivityQuestion = { denominator: "org_members" };
    const licences = await look({ ...store, scope }, (one) => licenceSummaryOf(one, TERMS), asked);
    const adoption = await look({ ...store, scope }, adoptionOf, asked);
    for (const { teams } of [licences, adoption]) {
      expect(teams.map(({ team: name, eligible }) => [name, eligible])).toEqual([
        ["Six", 6],
        ["Five", null],
        ["Members", null],
      ]);
    }
    expect(licences).toMatchObject({ eligible: 14, hygiene: { activeNotEligible: null } });
    expect((await look(store, (one) => licenceSummaryOf(one, TERMS), asked)).hygiene.activeNotEligible).toBe(2);
  });

  it("is not told how many a small team has by who else was active", async () => {
    const team = (at: number) => (at < 10 ? "Ten" : at < 16 ? "Six" : at < 21 ? "Five" : "Two");
    const names = Array.from({ length: 23 }, (_, at) => `p${at}`);
    // Of six people three are active, so that by activity these would hide the two.
    const active = names.filter((_, at) => at < 13 || at > 15);
    const store = await kept(Object.fromEntries(active.map((name) => [name, 1])));
    const people = names.map((name, at) => rosterRow(`${name}@x.io`, team(at)));
    await store.store.write((tx) => loadPeople(tx, store.scope, people));
    const hidden = { ...store, scope: { ...store.scope, privacy: { mode: "teams" as const, minimumGroup: 5 } } };
    const { teams } = await look(hidden, (one) => licenceSummaryOf(one, TERMS));
    const size = (name: string) => teams.find((one) => one.team === name)!.eligible;
    expect([size("Ten"), size("Five"), size("Two")]).toEqual([10, null, null]);
    const where = [{ dimension: "team", value: "Five" }];
    const alone = await look(hidden, (one) => licenceSummaryOf(one, TERMS), { where });
    expect(alone).toMatchObject({ eligible: null, reason: "suppressed_for_privacy" });
  });
});
