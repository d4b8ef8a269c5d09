import { expect, it } from "vitest";

import { dayOfText } from "../domain/index.ts";
import { ORGANIZATION } from "../../test/support/metrics-store.ts";
import { streamNamed } from "../../test/support/small-record.ts";
import { costRow } from "../../test/support/upstream-rows.ts";
import { seenRecords } from "./diff.ts";
import { StreamRun } from "./stream-run.ts";

const DAY = dayOfText("2026-10-30")!;

it.each([
  ["the list", null],
  ["2026-10-30", { from: DAY, to: DAY + 1 }],
  ["2026-10-30 to 2026-10-31", { from: DAY, to: DAY + 2 }],
])("a run says of %s why it is incomplete", (text, span) => {
  const window = { stream: "users", span };
  const run = new StreamRun(streamNamed("users"), [window]);
  const fetched = { window, pages: [], incomplete: "it does not end", warnings: [], upstreamNow: 0, refreshedAt: null };
  const counts = { rows: 0, new: 0, changed: 0, gone: 0, conflicted: 0, outOfWindow: 0 };
  run.committed(fetched, { ...counts, problems: [], clockWentBack: false });
  expect(run.report()).toMatchObject({ state: "partial", warnings: [`${text} is incomplete: it does not end`] });
});

it("rows that share a key are kept in one order, each once, however often and in whatever order they come", () => {
  const [a, b, c] = ["1", "2", "3"].map((cents) => costRow(DAY, {}, cents));
  const seen = [
    [a!, b!, c!],
    [c!, b!, a!, b!, c!],
  ].map((records) => [...seenRecords([{ records }, { records: [records[0]!] }]).values()]);
  expect(seen[0]).toEqual(seen[1]);
  expect(seen[0]).toMatchObject([{ conflicted: true, data: null, key: [ORGANIZATION, "2026-10-30", "{}"] }]);
  expect(JSON.parse(seen[0]![0]!.dataText)).toHaveLength(3);
});
