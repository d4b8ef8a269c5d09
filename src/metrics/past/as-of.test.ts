import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { cover, engines, keepVersions, openTestStore } from "../../../test/support/metrics-store.ts";
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
    // Nobody did anything on the second day; the third was never read.
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

  it("says that a day which was read again since may have been read by then, instead of calling it incomplete", async () => {
    const told = async (asOf: string, to: string) => {
      const { coverage, rows, warnings } = await put("sessions", asOf, to);
      const codes = warnings.map((warning) => warning.code).filter((code) => code !== "directory_is_todays");
      return { covered: coverage.covered, missing: coverage.missing.length, rows: rows.length, codes };
    };
    const unsure = { covered: 1, missing: 1, rows: 1, codes: ["as_of_coverage"] };
    expect(await told("2026-11-06", "2026-11-03")).toEqual(unsure);
    // On its own day it could not have been read to its end, and the third day never was.
    expect(await told("2026-11-03", "2026-11-03")).toEqual({ ...unsure, codes: ["as_of_coverage", "incomplete"] });
    expect(await told("2026-11-06", "2026-11-04")).toEqual({ ...unsure, codes: ["as_of_coverage", "incomplete"] });
    // The last reading of both days was before this one, so it is known.
    expect(await told("2026-11-20", "2026-11-03")).toEqual({ covered: 2, missing: 0, rows: 1, codes: [] });
    // Nothing at all had been read.
    expect(await told("2026-11-01", "2026-11-03")).toMatchObject({ covered: 0, codes: ["incomplete"] });
    const { warnings } = await put("sessions", "2026-11-06", "2026-11-04");
    expect(warnings.find(({ code }) => code === "incomplete")?.message).toMatch(/^Of 3 days 1 not collected:/);
  });
});
