import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { cover, engines, keepRecords, keepVersions, openTestStore } from "../../test/support/metrics-store.ts";
import type { TestStore, TestVersion } from "../../test/support/metrics-store.ts";
import { activityRow, messagesRow } from "../../test/support/upstream-rows.ts";
import { DAY_MS, parseDay } from "../domain/index.ts";
import { ask } from "./ask.ts";
import type { Question } from "./types.ts";

const D = parseDay("2026-11-02");
const row = (day: number, actor: string, sessions: number, cents: number) =>
  activityRow(day, { actor, sessions, models: [["claude-opus-5-5", 10, cents]] });
/** A record of which one reading gave these rows. */
const twice = (rows: readonly ReturnType<typeof row>[], ver: number, atDay: number): TestVersion => ({
  ...rows[0]!,
  data: rows.map(({ data }) => data),
  ver,
  state: "rec",
  atMs: atDay * DAY_MS,
});

describe.each(engines)("conflicted records on %s", (engine) => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore(engine);
    const settled = row(D + 2, "c@x.io", 9, 900);
    await keepVersions(test, "claude_code", [
      { ...row(D, "a@x.io", 3, 300), ver: 1, state: "rec", atMs: (D + 1) * DAY_MS },
      twice([row(D + 1, "b@x.io", 1, 50), row(D + 1, "b@x.io", 2, 75)], 1, D + 2),
      twice([row(D + 2, "c@x.io", 8, 800), settled], 1, D + 3),
      // The next reading gave one row.
      { ...settled, ver: 2, state: "rec", atMs: (D + 5) * DAY_MS },
      // The last reading gave none.
      twice([row(D + 1, "e@x.io", 4, 1), row(D + 1, "e@x.io", 5, 2)], 1, D + 2),
      { ...twice([row(D + 1, "e@x.io", 4, 1), row(D + 1, "e@x.io", 5, 2)], 2, D + 4), state: "gone" },
    ]);
    await keepRecords(test, "claude_code", [row(D, "a@x.io", 3, 300), settled]);
    await cover(test, "claude_code", D, D + 2);
    const counted = (output: number) => messagesRow(D, {}, { uncached: 100, output });
    await keepVersions(test, "usage_total", [twice([counted(7), counted(8)], 1, D + 1)]);
    await cover(test, "usage_total", D, D + 2);
  });
  afterAll(() => test.close());

  const put = async (metric: string, more: Partial<Question> = {}) => {
    const question = { metric, from: "2026-11-02", to: "2026-11-04", ...more };
    const { conflicted, total, warnings } = await ask(test.store, test.scope, question, (D + 60) * DAY_MS);
    const said = warnings.find((warning) => warning.code === "conflicted_records")?.message;
    return { conflicted, total: total.value, said };
  };

  it("stay out of the total, and are told with their days and their sum", async () => {
    expect(await put("cost")).toEqual({
      conflicted: 1,
      total: "12.00",
      said:
        "1 record was given more than once with different values, on 2026-11-03; it stays out of every total." +
        " All its rows together say 1.25 usd.",
    });
    expect((await put("sessions")).said).toContain("together say 3 sessions");
    expect((await put("accept_rate")).conflicted).toBe(1);
    expect((await put("active_users")).said).toMatch(/total\.$/);
  });

  it("count only where the question asks for them", async () => {
    expect((await put("cost", { to: "2026-11-02" })).conflicted).toBe(0);
    expect((await put("cost", { where: [{ dimension: "person", value: "b@x.io" }] })).conflicted).toBe(1);
    expect((await put("cost", { where: [{ dimension: "person", value: "a@x.io" }] })).conflicted).toBe(0);
    expect((await put("cost", { population: "service" })).conflicted).toBe(0);
    expect((await put("cost", { kind: "notional" })).said).toContain("together say 0.00 usd");
  });

  it("sum the kinds of tokens that were asked for", async () => {
    expect((await put("tokens")).said).toContain("together say 215 tokens");
    const output = [{ dimension: "token_type", value: "output_tokens" }];
    expect((await put("tokens", { where: output })).said).toContain("together say 15 tokens");
  });

  it("are those of then when asked as of a day", async () => {
    const then = await put("cost", { asOf: "2026-11-05" });
    expect(then).toMatchObject({ conflicted: 3, total: "3.00" });
    expect(then.said).toContain("on 2026-11-03, 2026-11-04;");
  });
});
