import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { engines, keepRecords, openTestStore, ORGANIZATION } from "../../test/support/metrics-store.ts";
import type { TestStore } from "../../test/support/metrics-store.ts";
import { keepWorkedExample } from "../../test/support/worked-example.ts";
import { parseDay } from "../domain/index.ts";
import { csvLine, exportRows, exports, findExport } from "./exports.ts";
import type { ExportRow } from "./exports.ts";

it.each([
  [["plain", 12, null], "plain,12,\r\n"],
  [["=1+1", "+1", "@x", "\tx", "-x"], "'=1+1,'+1,'@x,'\tx,'-x\r\n"],
  [["-12.50", "a,b", 'say "hi"', "two\nlines"], '-12.50,"a,b","say ""hi""","two\nlines"\r\n'],
  [["\r=x"], '"\'\r=x"\r\n'],
])("writes %j as cells that no spreadsheet runs", (cells, line) => {
  expect(csvLine(cells)).toBe(line);
});

describe.each(engines)("an export on %s", (engine) => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore(engine);
    await keepWorkedExample(test);
    await keepRecords(test, "users", [
      {
        day: null,
        key: [ORGANIZATION, "user_1"],
        data: { id: "user_1", email: "ann@x.io", name: "Ann", role: "developer", added_at: "2026-01-01T00:00:00Z" },
      },
    ]);
  });
  afterAll(() => test.close());

  const rowsOf = (id: string, from: string, to: string): Promise<ExportRow[]> =>
    test.store.read(async (tx) => {
      const span = { from: parseDay(from), to: parseDay(to) + 1 };
      const rows: ExportRow[] = [];
      for await (const row of exportRows(tx, test.scope, findExport(id), span)) rows.push(row);
      return rows;
    });

  it("spells out the rows of its days, money in dollars", async () => {
    const rows = await rowsOf("claude_code_models", "2026-11-03", "2026-11-04");
    expect(rows.map((row) => [row["day"], row["actor"], row["model"], row["estimated_cost_usd"]])).toEqual([
      ["2026-11-03", "user:ann@x.io", "claude-opus-5-5", "0.10"],
      ["2026-11-03", "key:ci-bot", "claude-sonnet-5-5", "4.00"],
      ["2026-11-04", "user:cy@x.io", "claude-haiku-5-5", "0.00"],
    ]);
    expect(Object.keys(rows[0]!)).toEqual(findExport("claude_code_models").columns);
    expect(rows[0]).toMatchObject({ organization_id: ORGANIZATION, subscription_type: null, input_tokens: 200 });
  });

  it("gives a list whole", async () => {
    expect(await rowsOf("users", "2020-01-01", "2020-01-02")).toMatchObject([{ id: "user_1", email: "ann@x.io" }]);
  });

  it.each(exports.map(({ id }) => id))("%s has as many rows on an empty range as a list has", async (id) => {
    const rows = await rowsOf(id, "2001-01-01", "2001-01-02");
    expect(rows.length).toBe(id === "users" ? 1 : 0);
  });
});
