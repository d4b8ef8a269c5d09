import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  cover,
  engines,
  keepPurge,
  keepReading,
  keepVersions,
  openTestStore,
} from "../../../test/support/metrics-store.ts";
import type { TestStore } from "../../../test/support/metrics-store.ts";
import { activityRow } from "../../../test/support/upstream-rows.ts";
import { DAY_MS, parseDay } from "../../domain/index.ts";
import { ask } from "../ask.ts";

const D = parseDay("2026-11-02");
const at = (day: number) => (day + 1) * DAY_MS + 3_600_000;
const row = (actor: string, sessions: number, cents: number) =>
  activityRow(D, { actor, sessions, models: [["claude-opus-5-5", 10, cents]] });

describe.each(engines)("an answer as of a date on %s", (engine) => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore(engine);
    await keepVersions(test, "claude_code", [
      { ...row("a@x.io", 3, 300), ver: 1, state: "rec", atMs: at(D) },
      { ...row("b@x.io", 1, 50), ver: 1, state: "rec", atMs: at(D) },
      // Restated two days later, and the other vanished the day after.
      { ...row("a@x.io", 2, 200), ver: 2, state: "rec", atMs: at(D + 2) },
      { ...row("b@x.io", 1, 50), ver: 2, state: "gone", atMs: at(D + 3) },
    ]);
    // Nobody did anything on the second day, the third was read in part, the fourth never.
    const read = (day: number, atMs: number, complete = true) =>
      keepReading(test, "claude_code", { span: { from: day, to: day + 1 }, atMs, complete });
    await read(D, at(D));
    await read(D + 1, at(D + 1));
    await read(D + 2, at(D + 2), false);
    for (const day of [D, D + 1]) await read(day, at(D + 9));
    await cover(test, "claude_code", D, D + 1, 10);
  });
  afterAll(() => test.close());

  const put = (metric: string, asOf: string, to = "2026-11-02") =>
    ask(test.store, test.scope, { metric, from: "2026-11-02", to, asOf }, (D + 30) * DAY_MS);

  it.each([
    ["2026-11-02", null, null],
    ["2026-11-03", 4, 2],
    ["2026-11-04", 4, 2],
    ["2026-11-05", 3, 2],
    ["2026-11-06", 2, 1],
    ["2026-11-30", 2, 1],
  ])("at the end of %s is what the record said by then", async (asOf, sessions, people) => {
    const answer = await put("sessions", asOf);
    expect([answer.total.value, (await put("active_users", asOf)).total.value]).toEqual([sessions, people]);
    expect(answer.asOf).toBe(asOf);
    expect(answer.warnings.map((warning) => warning.code)).toContain("directory_is_todays");
  });

  it("tells the provisional days of then, not of now", async () => {
    expect((await put("cost", "2026-11-03")).provisional).toEqual(["2026-11-02"]);
    expect((await put("cost", "2026-11-30")).provisional).toEqual([]);
  });

  it.each([
    // Of four days: covered, in part, the last day without a gap.
    ["2026-11-01", 0, 0, null],
    ["2026-11-02", 0, 0, null],
    ["2026-11-03", 1, 0, "2026-11-02"],
    ["2026-11-04", 2, 0, "2026-11-03"],
    ["2026-11-05", 2, 1, "2026-11-03"],
    ["2026-11-20", 2, 1, "2026-11-03"],
  ])(
    "at the end of %s says which days had been read by then, though some were read again since",
    async (asOf, ...told) => {
      const { coverage, completeThrough, warnings } = await put("sessions", asOf, "2026-11-05");
      const { days, covered, partial, missing } = coverage;
      expect([covered, partial, completeThrough]).toEqual(told);
      expect(missing.length > 0).toBe(covered + partial < days);
      expect(warnings.map(({ code }) => code)).toContain("incomplete");
    },
  );
});

it.each(engines)(
  "a day that was read before its organization was purged counts as read no more, on %s",
  async (engine) => {
    const test = await openTestStore(engine);
    try {
      const read = (atMs: number) =>
        keepReading(test, "claude_code", { span: { from: D, to: D + 1 }, atMs, complete: true });
      await read(at(D));
      await keepPurge(test, at(D + 5));
      await keepVersions(test, "claude_code", [{ ...row("a@x.io", 3, 300), ver: 1, state: "rec", atMs: at(D + 9) }]);
      await read(at(D + 9));
      await cover(test, "claude_code", D, D, 10);
      const covered = async (asOf: string) => {
        const question = { metric: "sessions", from: "2026-11-02", to: "2026-11-02", asOf };
        return (await ask(test.store, test.scope, question, (D + 30) * DAY_MS)).coverage.covered;
      };
      expect([await covered("2026-11-04"), await covered("2026-11-20")]).toEqual([0, 1]);
    } finally {
      await test.close();
    }
  },
);
