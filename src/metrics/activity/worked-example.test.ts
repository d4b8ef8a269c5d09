import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { rosterRow } from "../../../test/support/activity-rows.ts";
import { engines, openTestStore } from "../../../test/support/metrics-store.ts";
import type { TestStore } from "../../../test/support/metrics-store.ts";
import { keepWorkedExample } from "../../../test/support/worked-example.ts";
import { parseDay } from "../../domain/index.ts";
import { loadPeople } from "../../store/index.ts";
import { actionsOf } from "./actions.ts";
import { activeUsersOf } from "./active-users.ts";
import { adoptionOf } from "./adoption.ts";
import { codingActivityOf, codingByTeamOf } from "./coding.ts";
import { readActivity } from "./frame.ts";
import type { Activity, ActivityQuestion } from "./frame.ts";

const NOW = parseDay("2026-12-20") * 86_400_000;
const WEEK = { from: "2026-11-02", to: "2026-11-06" };

describe.each(engines)("the worked example on %s", (engine) => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore(engine);
    await keepWorkedExample(test);
    const people = ["ann", "bob", "cy", "dee"].map((name) => rosterRow(`${name}@x.io`, name === "cy" ? "B" : "A"));
    await test.store.write((tx) => loadPeople(tx, test.scope, people));
  });
  afterAll(() => test.close());

  const look = <T extends object>(use: (activity: Activity) => Promise<T>, more: ActivityQuestion = {}) =>
    readActivity(test.store, test.scope, { ...WEEK, ...more }, NOW, use);

  it.each([
    ["any", [2, 1, 1, 1, 0], 1.0, 3, 5],
    ["token", [2, 1, 0, 1, 0], 0.8, 2, 4],
    ["engaged", [2, 0, 0, 1, 0], 0.6, 2, 3],
  ] as const)("counts active people by the rule %s", async (activeRule, byDay, average, distinct, personDays) => {
    const { headline, series, calendar } = await look(activeUsersOf, { activeRule });
    expect(series.map(({ dau }) => dau)).toEqual(byDay);
    expect(calendar.slice(-5).map(({ active }) => active)).toEqual(byDay);
    expect(headline.dauAverage.value).toBeCloseTo(average, 12);
    expect(headline.dauWeekdayAverage.value).toBeCloseTo(average, 12);
    expect(headline.periodActive.value).toBe(distinct);
    expect(headline.activePersonDays.value).toBe(personDays);
    expect(headline.weeklyAverage.value).toBe(distinct);
    expect(headline.mau.value).toBe(distinct);
  });

  it("has no period to compare with before the first day that is held, and no month to be sticky over", async () => {
    const { headline, stickiness, frequency, coverage } = await look(activeUsersOf);
    const unknown = { value: null, reason: "not_collected_yet" };
    expect(headline.periodActive.previous).toEqual(unknown);
    expect(headline.periodActive.change).toEqual({ kind: "none", ...unknown });
    expect(stickiness.dauMau).toEqual(unknown);
    expect(frequency.reason).toBe("not_collected_yet");
    expect(coverage.heldFrom).toBe("2026-11-02");
    const longer = await look(activeUsersOf, { from: "2026-10-30" });
    expect(longer.coverage).toMatchObject({ days: 8, covered: 5 });
    expect(longer.series.slice(0, 3).map(({ dau, reason }) => [dau, reason])).toEqual(
      [1, 2, 3].map(() => [null, "not_collected_yet"]),
    );
    // Days that were not read are no idle days.
    expect(longer.headline.dauAverage.value).toBe(1);
    expect(longer.warnings.map(({ code }) => code)).toContain("incomplete");
  });

  it("adopts three of the four people of the roster, and each team its own", async () => {
    const { headline, denominators, denominator, teams, series, notStarted } = await look(adoptionOf);
    expect(denominator).toBe("roster");
    expect(headline.rate).toMatchObject({ value: 0.75, lowSample: true });
    expect([headline.active.value, headline.eligible.value]).toEqual([3, 4]);
    expect(series.map(({ daily }) => daily.value)).toEqual([0.5, 0.25, 0.25, 0.25, 0]);
    expect(teams.map(({ team, active, eligible }) => [team, active, eligible])).toEqual([
      ["A", 2, 3],
      ["B", 1, 1],
    ]);
    expect(notStarted).toBe(1);
    expect(denominators.map(({ id, rate, flags }) => [id, rate.value, rate.reason, flags])).toEqual([
      ["roster", 0.75, undefined, []],
      ["org_members", null, "not_reported_by_source", ["not_loaded"]],
      ["ever_active", 1, undefined, []],
      ["assigned_seats", null, "not_reported_by_source", ["no_seats"]],
    ]);
  });

  it("sums output over one population, and divides by the people and days of the same one", async () => {
    const { measures, populations, terminals, sessionLength } = await look((one) => codingActivityOf(one, "day"));
    const total = Object.fromEntries(measures.map(({ id, total }) => [id, total.value]));
    expect(total).toEqual({
      sessions: 8,
      lines_added: 230,
      lines_removed: 45,
      net_lines: 185,
      churned_lines: 275,
      commits: 3,
      pull_requests: 2,
    });
    const added = measures.find(({ id }) => id === "lines_added")!;
    expect(added.perActiveDay.value).toBe(46);
    expect(added.perSession.value).toBe(28.75);
    expect(added.perActivePerson).toMatchObject({ value: 230 / 3, lowSample: true });
    expect(populations.map(({ population, sessions }) => [population, sessions])).toEqual([
      ["humans", 8],
      ["service", 0],
      ["unmapped", 5],
    ]);
    expect(terminals.map(({ terminal, sessions }) => [terminal, sessions])).toEqual([
      ["vscode", 6],
      ["Apple_Terminal", 1],
      ["iTerm.app", 1],
    ]);
    expect(sessionLength).toEqual({ value: null, reason: "not_reported_by_source" });
    const all = await look((one) => codingActivityOf(one, "day"), { population: "all" });
    expect(all.measures.map(({ total }) => total.value)).toEqual([13, 430, 95, 335, 525, 7, 4]);
    expect(all.terminals.find(({ interactive }) => !interactive)).toMatchObject({ sessions: 5 });
  });

  it("gives each team its work and its person-days", async () => {
    const { teams } = await look(codingByTeamOf);
    expect(
      teams.map(({ team, sessions, activePeople, personDays }) => [team, sessions, activePeople, personDays]),
    ).toEqual([
      ["A", 7, 2, 4],
      ["B", 1, 1, 1],
    ]);
    expect(teams[0]!.perActiveDay.lines_added.value).toBe(57.5);
  });

  it("takes the accept rate as a ratio of sums, and keeps apart whose decisions nobody made", async () => {
    const { total, tools, populations, terminals, series } = await look((one) => actionsOf(one, "week"));
    expect([total.accepted.value, total.rejected.value, total.decisions.value]).toEqual([19, 9, 28]);
    expect(total.acceptRate.value!.toFixed(4)).toBe("0.6786");
    expect(total.acceptedPerActiveDay.value).toBe(3.8);
    expect(total.averagePerBucket.value).toBe(28);
    expect(tools).toMatchObject([
      { tool: "edit_tool", accepted: 17, rejected: 7, acceptRate: { value: 17 / 24 } },
      { tool: "write_tool", accepted: 2, rejected: 2, acceptRate: { value: 0.5, lowSample: true } },
    ]);
    expect(series.map(({ bucket, decisions }) => [bucket, decisions])).toEqual([["2026-11-02", 28]]);
    expect(populations.map(({ population, acceptRate }) => [population, acceptRate.value])).toEqual([
      ["humans", 19 / 28],
      ["service", null],
      ["unmapped", 1],
    ]);
    expect(terminals[1]).toMatchObject({ decisions: 0, acceptRate: { value: null, reason: "zero_denominator" } });
    const all = await look((one) => actionsOf(one, "day"), { population: "all" });
    expect(all.total.acceptRate.value!.toFixed(4)).toBe("0.8302");
    expect(all.terminals[1]).toMatchObject({ kind: "non_interactive", accepted: 25, rejected: 0 });
  });

  it("tells 0 of some from 0 of none", async () => {
    const bob = await look((one) => actionsOf(one, "day"), {
      to: "2026-11-02",
      where: [
        { dimension: "tool", value: "write_tool" },
        { dimension: "terminal", value: "vscode" },
      ],
    });
    expect(bob.total.acceptRate).toMatchObject({ value: 0, lowSample: true });
    const nobody = await look((one) => actionsOf(one, "day"), { from: "2026-11-06" });
    expect(nobody.total.accepted.value).toBe(0);
    expect(nobody.total.acceptRate).toMatchObject({ value: null, reason: "zero_denominator" });
  });

  it("compares with the equal-length period before where all of it is held", async () => {
    const { headline } = await look(activeUsersOf, { from: "2026-11-04", to: "2026-11-05" });
    expect(headline.dauAverage).toMatchObject({
      value: 1,
      previous: { value: 1.5 },
      change: { kind: "relative", value: -1 / 3 },
    });
    const idle = await look((one) => actionsOf(one, "day"), { from: "2026-11-05", to: "2026-11-05" });
    expect(idle.total.accepted.change).toEqual({ kind: "new", value: null });
  });
});
