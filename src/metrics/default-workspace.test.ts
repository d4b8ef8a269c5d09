import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { cover, keepRecords, openTestStore, ORGANIZATION } from "../../test/support/metrics-store.ts";
import type { TestStore } from "../../test/support/metrics-store.ts";
import { analyticsCostRow, messagesRow } from "../../test/support/upstream-rows.ts";
import { DAY_MS, parseDay } from "../domain/index.ts";
import { ask } from "./ask.ts";
import type { Question } from "./types.ts";

const DAY = parseDay("2026-10-05");
const REAL_ID = "wrkspc_default";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore("sqlite");
  const list = (id: string, name: string) => ({
    day: null,
    key: [ORGANIZATION, id],
    data: { id, type: "workspace", name, created_at: "2026-01-01T00:00:00Z", archived_at: null },
  });
  await keepRecords(test, "workspaces", [list(REAL_ID, "Default"), list("wrkspc_cc", "Claude Code")]);
  // The analytics name the default workspace by its real id, rows of no workspace and the older reports by none.
  await keepRecords(test, "analytics_cost", [
    analyticsCostRow(DAY, { workspace_id: REAL_ID, model: "m" }, "500", "500"),
    analyticsCostRow(DAY, { cost_type: "web_search" }, "30", "30"),
    analyticsCostRow(DAY, { workspace_id: "wrkspc_cc", model: "m" }, "200", "200"),
  ]);
  await keepRecords(test, "usage_by_key", [
    messagesRow(DAY, { model: "m" }, { uncached: 5 }),
    messagesRow(DAY, { model: "m", workspace_id: "wrkspc_cc" }, { uncached: 2 }),
  ]);
  for (const stream of ["analytics_cost", "usage_by_key"]) await cover(test, stream, DAY, DAY);
});
afterAll(() => test?.close());

const put = (question: Partial<Question>) =>
  ask(
    test.store,
    test.scope,
    { metric: "cost", kind: "net", from: "2026-10-05", to: "2026-10-05", ...question },
    (DAY + 9) * DAY_MS,
  );
const inWorkspace = (value: string | null) => ({ where: [{ dimension: "workspace", value }] });

describe("the default workspace", () => {
  it("is one row, by whichever name a report calls it", async () => {
    const { rows } = await put({ by: ["workspace"] });
    expect(rows.map((row) => [row["workspace"], row.value])).toEqual([
      [null, "5.30"],
      ["wrkspc_cc", "2.00"],
    ]);
    const both = await put({ by: ["workspace", "model"] });
    expect(both.rows.map((row) => [row["workspace"], row["model"], row.value])).toEqual([
      [null, "m", "5.00"],
      ["wrkspc_cc", "m", "2.00"],
      [null, null, "0.30"],
    ]);
  });

  it("is the same whole under a filter, by null and by its real id", async () => {
    for (const name of [null, REAL_ID]) {
      const { total, where, warnings } = await put(inWorkspace(name));
      expect(total.value).toBe("5.30");
      expect(where).toEqual([{ dimension: "workspace", value: name }]);
      expect(warnings.map(({ code }) => code)).not.toContain("no_such_value");
      expect((await put({ metric: "tokens", kind: undefined, ...inWorkspace(name) })).total.value).toBe(5);
    }
    expect((await put(inWorkspace("wrkspc_cc"))).total.value).toBe("2.00");
    expect((await put(inWorkspace("wrkspc_no"))).warnings.map(({ code }) => code)).toContain("no_such_value");
  });
});
