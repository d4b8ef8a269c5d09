import { afterEach, describe, expect, it } from "vitest";

import { activityRow, rosterRow } from "../../../test/support/activity-rows.ts";
import { cover, keepRecords, openTestStore } from "../../../test/support/metrics-store.ts";
import type { TestStore } from "../../../test/support/metrics-store.ts";
import { dayText, parseDay } from "../../domain/index.ts";
import type { DayNumber } from "../../domain/index.ts";
import { loadPeople } from "../../store/index.ts";
import { activeUsersOf } from "./active-users.ts";
import { readActivity } from "./frame.ts";
import { powerUsersOf } from "./power-users.ts";

/** A Monday. */
const FIRST = parseDay("2026-06-01");
const LAST = FIRST + 69;
const NOW = parseDay("2026-12-01") * 86_400_000;

let open: TestStore | undefined;
afterEach(() => open?.close());

async function kept(daysOf: Readonly<Record<string, readonly number[]>>, coverTo = LAST): Promise<TestStore> {
  open = await openTestStore("sqlite");
  const rows = Object.entries(daysOf).flatMap(([email, days]) => days.map((day) => activityRow(FIRST + day, email)));
  await keepRecords(open, "claude_code", rows);
  await cover(open, "claude_code", FIRST, coverTo);
  return open;
}

const look = ({ store, scope }: TestStore, from: DayNumber, to: DayNumber) =>
  readActivity(store, scope, { from: dayText(from), to: dayText(to) }, NOW, activeUsersOf);

const every = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const isWorkday = (day: number) => day % 7 < 5;

describe("stickiness", () => {
  it("is 1 by weekdays and about 0.71 by days for who comes every working day", async () => {
    const store = await kept({ "ann@x.io": every(0, 69).filter(isWorkday) });
    const { stickiness } = await look(store, LAST - 6, LAST);
    expect(stickiness.day).toBe(dayText(LAST));
    expect(stickiness.dauMauWeekday).toEqual({ value: 1, lowSample: true });
    expect(stickiness.dauMau.value).toBeCloseTo(20 / 30, 12);
    expect(stickiness.dauWau.value).toBeCloseTo(5 / 7, 12);
    expect(stickiness.wauMau.value).toBe(1);
  });

  it("is null for nobody, and before 30 days are held", async () => {
    const idle = await kept({ "ann@x.io": [0] });
    expect((await look(idle, LAST, LAST)).stickiness.dauMau).toEqual({ value: null, reason: "zero_denominator" });
    expect((await look(idle, FIRST + 28, FIRST + 28)).stickiness.dauMau.reason).toBe("not_collected_yet");
    const whole = await look(idle, FIRST + 29, FIRST + 29);
    expect(whole.stickiness.dauMau.value).toBe(1 / 30);
    // The weeks of a month reach back six days more.
    expect(whole.stickiness.wauMau.reason).toBe("not_collected_yet");
    expect(whole.series[0]!.partialWindow).toEqual({ wau: false, mau: false });
  });
});

describe("frequency bands", () => {
  it("count active days of the last 28 complete days", async () => {
    const last28 = (count: number) => every(70 - count, 69);
    const store = await kept({
      "daily@x.io": last28(16),
      "weekly@x.io": last28(15),
      "weekly2@x.io": last28(4),
      "rare@x.io": last28(3),
      "lapsed@x.io": [41],
    });
    const people = ["daily", "weekly", "never"].map((name) => rosterRow(`${name}@x.io`));
    await store.store.write((tx) => loadPeople(tx, store.scope, people));
    const { frequency } = await look(store, LAST - 6, LAST);
    expect(frequency.window).toEqual({ from: dayText(LAST - 27), to: dayText(LAST) });
    expect(Object.fromEntries(frequency.bands.map(({ id, people: count }) => [id, count]))).toEqual({
      daily: 1,
      weekly: 2,
      occasional: 1,
      lapsed: 1,
      never: 1,
    });
  });
});

describe("days", () => {
  it("that were not read are gaps, in the series, the calendar and the averages", async () => {
    const store = await kept({ "ann@x.io": every(0, 20) }, FIRST + 20);
    await cover(store, "claude_code", FIRST + 25, LAST);
    const { series, calendar, headline } = await look(store, FIRST + 19, FIRST + 26);
    expect(series.map(({ dau, state }) => [dau, state])).toEqual([
      [1, "complete"],
      [1, "complete"],
      ...[1, 2, 3, 4].map(() => [null, "missing"]),
      [0, "complete"],
      [0, "complete"],
    ]);
    expect(calendar.at(-3)).toMatchObject({ active: null, state: "missing" });
    expect(headline.dauAverage.value).toBe(0.5);
    expect(series.at(-1)!.partialWindow).toEqual({ wau: true, mau: true });
  });

  it("that are not over stay out of averages", async () => {
    const store = await kept({ "ann@x.io": [0, 1] }, FIRST);
    await cover(store, "claude_code", FIRST + 1, FIRST + 1, -0.5);
    const { series, headline } = await look(store, FIRST, FIRST + 1);
    expect(series.map(({ state }) => state)).toEqual(["complete", "partial"]);
    expect(headline.dauAverage.value).toBe(1);
    expect(headline.activePersonDays.value).toBe(2);
  });
});

describe("power users", () => {
  const rank = async (people: number, tokensOf: (person: number) => number) => {
    open = await openTestStore("sqlite");
    const rows = every(1, people).map((person) =>
      activityRow(LAST, `p${person}@x.io`, { tokens: tokensOf(person), commits: 1 }),
    );
    await keepRecords(open, "claude_code", rows);
    await cover(open, "claude_code", FIRST, LAST);
    const range = { from: dayText(LAST - 6), to: dayText(LAST) };
    return readActivity(open.store, open.scope, range, NOW, (one) => powerUsersOf(one, "tokens"));
  };

  it("are the upper quarter, of eight people or more", async () => {
    const { bands, active } = await rank(8, (person) => person);
    expect(active).toBe(8);
    expect(bands.map(({ id, people, share }) => [id, people, share.value])).toEqual([
      ["power", 2, 15 / 36],
      ["steady", 2, 11 / 36],
      ["opportunistic", 4, 10 / 36],
      ["inactive", null, 0],
    ]);
  });

  it("go up together when they are equal", async () => {
    const { bands } = await rank(8, (person) => Math.max(person, 6));
    expect(bands.slice(0, 3).map(({ people }) => people)).toEqual([2, 6, 0]);
  });

  it("are nobody among seven", async () => {
    const { bands, reason } = await rank(7, (person) => person);
    expect(reason).toBe("below_minimum_sample");
    expect(bands.every(({ people }) => people === null)).toBe(true);
  });
});
