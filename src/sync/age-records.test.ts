import { expect, it } from "vitest";

import { dayOfText, type Json } from "../domain/index.ts";
import type { RecordDraft } from "../source/index.ts";
import { readClosedLeaves } from "../store/index.ts";
import { ORGANIZATION } from "../../test/support/metrics-store.ts";
import { withSmallRecord } from "../../test/support/small-record.ts";
import { activityRow } from "../../test/support/upstream-rows.ts";
import { ageClosedLogs } from "./age-records.ts";
import { AgedIdentities } from "./aged-identities.ts";
import { appendAudit } from "./tenant-log.ts";

const DAY = dayOfText("2026-10-30")!;

/** Of this day, by the key or, where that says none, by the day that stands beside it. */
const activity = (day: number, actor: string, key: readonly Json[]): RecordDraft => ({
  ...activityRow(day, { actor }),
  key: [ORGANIZATION, ...key],
});

it("a log that ended keeps what it says of people since a day, of keys, and of no day at all", () =>
  withSmallRecord(async (record) => {
    const { store, scope, effects } = record;
    const identities = new AgedIdentities(Buffer.alloc(32, 7), []);
    const age = () => store.write((tx) => ageClosedLogs(tx, scope, DAY + 1, identities));
    expect(await age()).toBe(0);
    const records = [
      activity(DAY, "old@x.io", ["2026-10-30", "user_actor", "old@x.io"]),
      activity(DAY, "beside@x.io", ["?", "user_actor", "beside@x.io"]),
      activity(DAY, "key@x.io", ["2026-10-30", "api_actor", "key@x.io"]),
      activity(DAY, "nobody", ["2026-10-30", "user_actor", "nobody"]),
      activity(DAY + 1, "young@x.io", ["2026-10-31", "user_actor", "young@x.io"]),
    ];
    await record.commit("claude_code", { span: { from: DAY, to: DAY + 2 }, records });
    const user = { id: "user_00ada1", email: "listed@x.io", name: "?", role: "user", added_at: "2026-01-01" };
    await record.commit("users", { span: null, records: [{ day: null, key: [ORGANIZATION, user.id], data: user }] });
    await appendAudit(effects, scope, { event: "test.happened", about: "audited@x.io" });
    await record.endLog();
    expect(await age()).toBe(2);
    const leaves = await store.read((tx) => readClosedLeaves(tx, scope, 1, 0, 100));
    const said = leaves.map(({ payload }) => payload).join("\n");
    const names = ["old", "beside", "key", "young", "listed", "audited"];
    expect(names.filter((name) => said.includes(`${name}@x.io`))).toEqual(["key", "young", "listed", "audited"]);
  }));
