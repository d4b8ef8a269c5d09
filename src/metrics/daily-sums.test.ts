import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { cover, engines, keepRecords, openTestStore } from "../../test/support/metrics-store.ts";
import type { TestStore } from "../../test/support/metrics-store.ts";
import { rosterPerson } from "../../test/support/roster-person.ts";
import { activityRow } from "../../test/support/upstream-rows.ts";
import { DAY_MS, dayText, parseDay, picoUsdFromDollars } from "../domain/index.ts";
import type { Privacy } from "../domain/index.ts";
import { loadPeople } from "../store/index.ts";
import { ask } from "./ask.ts";
import { dailySums, type DailySumsQuestion } from "./daily-sums.ts";

const D = parseDay("2026-11-02");
const NOW = (D + 50) * DAY_MS;
const RANGE = { metric: "cost", from: dayText(D), to: dayText(D + 3) };
const PEOPLE = 60;
/** Everybody but these spends a few cents. */
const LARGE = 58;
const FOREIGN = 59;

const usd = (amount: string) => picoUsdFromDollars(amount).picoUsd;
const email = (who: number) => `p${String(who).padStart(2, "0")}@x.io`;
const teamOf = (who: number) => (who < 20 ? "core" : who < 50 ? "web" : who < 52 ? "tiny" : null);

function row(day: number, who: number) {
  const cents = who === LARGE && day === 1 ? 3_000 : who + day + 1;
  const models = ["claude-opus-4-1", "claude-haiku-4-5"].map((model): [string, number, number, string] => [
    model,
    1,
    cents,
    who === FOREIGN ? "EUR" : "USD",
  ]);
  return activityRow(D + day, { actor: email(who), models });
}

/** Everybody on the first two days and half of them on the last; the third was not read. */
async function keep(test: TestStore): Promise<void> {
  const records = [0, 1, 3].flatMap((day) =>
    Array.from({ length: PEOPLE }, (_, who) => who)
      .filter((who) => day < 3 || who % 2 === 0)
      .map((who) => row(day, who)),
  );
  await keepRecords(test, "claude_code", records);
  await cover(test, "claude_code", D, D + 1);
  await cover(test, "claude_code", D + 3, D + 3);
  const moved = [{ until: D + 1, team: "web", costCentre: null, manager: null }];
  const people = Array.from({ length: PEOPLE }, (_, who) => ({
    ...rosterPerson(`p_${who}`, email(who), teamOf(who)),
    ...(who === 0 ? { earlier: moved } : {}),
  }));
  await test.store.write((tx) => loadPeople(tx, test.scope, people));
}

describe.each(engines)("sums by day on %s", (engine) => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore(engine);
    await keep(test);
  });
  afterAll(() => test.close());

  const summed = (question: Partial<DailySumsQuestion> & { of: string }, privacy?: Privacy) =>
    dailySums(test.store, { ...test.scope, ...(privacy ? { privacy } : {}) }, { ...RANGE, ...question }, NOW);

  /** The same from the rows of an answer. */
  async function answered(dimension: string, privacy?: Privacy) {
    const scope = { ...test.scope, ...(privacy ? { privacy } : {}) };
    const { rows } = await ask(test.store, scope, { ...RANGE, by: [dimension], grain: "day" }, NOW);
    const told = rows.filter(({ reason }) => reason !== "suppressed_for_privacy");
    const members = Map.groupBy(told, (one) => one[dimension]);
    return [...members].map(([key, own]) => ({
      key,
      amounts: own.map(({ value }) => (value === null ? null : usd(String(value)))),
    }));
  }

  it.each(["person", "team", "model_family", "terminal"])("are those of an answer by day and %s", async (dimension) => {
    const { members, from } = await summed({ of: dimension });
    expect(from).toBe(D);
    expect(members.length).toBeGreaterThan(0);
    expect(members).toEqual(await answered(dimension));
  });

  it("tell 0 where nothing happened, and nothing of days not read and of other currencies", async () => {
    const { members } = await summed({ of: "person" });
    const amountsOf = (who: number) => members.find(({ key }) => key === email(who))!.amounts;
    expect(amountsOf(1)).toEqual([usd("0.04"), usd("0.06"), null, 0n]);
    expect(amountsOf(FOREIGN)).toEqual([null, null, null, 0n]);
  });

  it("put who changed team with the team of the day", async () => {
    const { members } = await summed({ of: "team" });
    const amountsOf = (team: string) => members.find(({ key }) => key === team)!.amounts;
    // On the first day web has the two cents of the first person beside its own 21.30.
    expect(amountsOf("core")).toEqual([usd("4.18"), usd("4.60"), null, usd("2.60")]);
    expect(amountsOf("web")).toEqual([usd("21.32"), usd("21.90"), null, usd("11.40")]);
  });

  it("leave out who never reaches an amount, and say how many those are", async () => {
    const reaching = { amount: usd("20"), from: D + 1 };
    const { members, leftOut } = await summed({ of: "person", reaching });
    expect(members).toEqual((await answered("person")).filter(({ key }) => key === email(LARGE)));
    expect(leftOut).toBe(PEOPLE - 1);
    const later = await summed({ of: "person", reaching: { ...reaching, from: D + 2 } });
    expect(later).toMatchObject({ members: [], leftOut: PEOPLE / 2 });
  });

  it("hide whom an answer hides", async () => {
    const privacy: Privacy = { mode: "teams", minimumGroup: 3 };
    const { members } = await summed({ of: "team", reaching: { amount: usd("20"), from: D } }, privacy);
    const shown = members.map(({ key }) => key);
    expect(shown).not.toContain("tiny");
    expect(members).toEqual(await answered("team", privacy));
    await expect(summed({ of: "person" }, privacy)).rejects.toMatchObject({ code: "access.individuals" });
  });

  it("are of everybody where somebody comes to less than nothing", async () => {
    await keepRecords(test, "claude_code", [
      activityRow(D + 3, { actor: email(1), models: [["claude-opus-4-1", 1, -50, "USD"]] }),
    ]);
    const { members, leftOut } = await summed({ of: "person", reaching: { amount: usd("20"), from: D } });
    expect([members.length, leftOut]).toEqual([PEOPLE, 0]);
    expect(members[1]!.amounts.at(-1)).toBe(usd("-0.5"));
  });
});
