import { describe, expect, it } from "vitest";

import { dayOfText, type JsonObject } from "../domain/index.ts";
import type { RecordDraft } from "../source/index.ts";
import { readLeaves, storedVersions } from "../store/index.ts";
import { ORGANIZATION } from "../../test/support/metrics-store.ts";
import { withSmallRecord, type SmallRecord } from "../../test/support/small-record.ts";
import { collected } from "../../test/support/stores.ts";
import { activityRow, costRow } from "../../test/support/upstream-rows.ts";
import { eraseMentions } from "./erase-mentions.ts";
import { reapplyErasures } from "./reapply-erasures.ts";
import { listIdentifiers, Suppressor } from "./suppressor.ts";
import { appendAudit, publishCheckpoint } from "./tenant-log.ts";

const DAY = dayOfText("2026-10-30")!;
const SPAN = { from: DAY, to: DAY + 1 };
const ADA = "ada.king@example.com";
const KEY = Buffer.alloc(32, 1);
const SUBJECT = "p_00000000abcd";
const suppressor = new Suppressor(
  KEY,
  listIdentifiers(KEY, [ADA], {
    subject: SUBJECT,
    erasedMs: 0,
    random: { bytes: (count) => Buffer.alloc(count, 9) },
  }),
);

const erase = ({ store, scope, effects }: SmallRecord) =>
  store.write((tx) =>
    eraseMentions(tx, { ...effects, scope }, suppressor, { reason: "asked for", subjects: [SUBJECT] }),
  );
const versions = ({ store, scope }: SmallRecord, stream: string) =>
  store.read((tx) => collected(storedVersions(tx, scope, { stream, currentOnly: false })));
const user = (email: string, more: JsonObject = {}): RecordDraft => ({
  day: null,
  key: [ORGANIZATION, "user_00ada1"],
  data: { id: "user_00ada1", email, name: "?", role: "user", added_at: "2026-01-01T00:00:00Z", ...more },
});
const users = (...records: readonly RecordDraft[]) => ({ span: null, records });
const cost = (description: string, cents: string) => costRow(DAY, { description }, cents);

describe("erasing who is named", () => {
  it("does nothing where there is no log, and nobody is named", () =>
    withSmallRecord(async (record) => {
      expect(await erase(record)).toMatchObject({ leaves: 0 });
      await record.commit("users", users(user("bob@example.com")));
      expect(await erase(record)).toMatchObject({ leaves: 0, others: new Map() });
    }));

  it("keeps rows that share a key in the order of their text, and what went as gone", () =>
    withSmallRecord(async (record) => {
      // The keys name her: a record under another key and id takes the place.
      const [one, other] = [1, 2].map((sessions) => activityRow(DAY, { actor: ADA, sessions }));
      await record.commit("claude_code", { span: SPAN, records: [one!, other!] });
      await record.commit("claude_code", { span: SPAN, records: [] });
      expect(await erase(record)).toMatchObject({ leaves: 2, versions: new Map([["claude_code", 2]]) });
      const anew = await versions(record, "claude_code");
      expect(anew.map(({ ver, state, conflicted }) => [ver, state, conflicted])).toEqual([
        [1, "rec", true],
        [2, "gone", true],
      ]);
      expect(anew.every(({ nk, payload }) => !`${nk}${payload}`.includes("ada"))).toBe(true);
      const { data } = JSON.parse(anew[0]!.payload!) as { data: JsonObject[] };
      const texts = data.map((row) => JSON.stringify(row));
      expect(texts).toEqual(texts.toSorted());
    }));

  it("adds nothing where the pseudonym was read already", () =>
    withSmallRecord(async (record) => {
      await record.commit("claude_code", { span: SPAN, records: [activityRow(DAY, { actor: ADA })] });
      const pseudonym = suppressor.text(ADA);
      const again = { span: SPAN, records: [activityRow(DAY, { actor: pseudonym })], incomplete: "a restore" };
      await record.commit("claude_code", again);
      expect(await erase(record)).toMatchObject({ leaves: 1 });
      expect(await versions(record, "claude_code")).toMatchObject([{ ver: 1, state: "rec" }]);
    }));

  it("takes other leaves too, and passes over content that is lost", () =>
    withSmallRecord(async (record) => {
      const { effects, scope, tamper } = record;
      for (const role of ["user", "admin", "billing"]) await record.commit("users", users(user(ADA, { role })));
      await record.commit("claude_code", { span: SPAN, records: [activityRow(DAY, { actor: ADA })] });
      await record.commit("claude_code", { span: SPAN, records: [] });
      await appendAudit(effects, scope, { event: "test.happened", about: ADA });
      const lose = (leaf: number) =>
        tamper((db) => db.updateTable("leaves").set({ payload: null }).where("leaf_index", "=", leaf).execute());
      const [, second] = await versions(record, "users");
      const [rec] = await versions(record, "claude_code");
      await lose(second!.leafIndex);
      await lose(rec!.leafIndex);
      expect(await erase(record)).toMatchObject({ others: new Map([["audit", 1]]) });
      expect((await versions(record, "users")).map(({ ver }) => ver)).toEqual([4, 5]);
      expect((await versions(record, "claude_code")).map(({ state }) => state)).toEqual(["gone"]);
    }));
});

it("content that came back from another copy of the database is destroyed again", () =>
  withSmallRecord(async (record) => {
    const { store, scope, effects, tamper } = record;
    expect(await reapplyErasures(store, scope)).toBe(0);
    await record.commit("users", users(user(ADA), { ...user("bob@example.com"), key: [ORGANIZATION, "user_00bob1"] }));
    const before = await store.read((tx) => readLeaves(tx, scope, 0, 10));
    await erase(record);
    await publishCheckpoint(effects, scope);
    expect(await reapplyErasures(store, scope)).toBe(0);
    const { index, payload, salt } = before.find((leaf) => leaf.payload?.includes(ADA))!;
    await tamper((db) => db.updateTable("leaves").set({ payload, salt }).where("leaf_index", "=", index).execute());
    expect(await reapplyErasures(store, scope)).toBe(1);
    const [leaf] = await store.read((tx) => readLeaves(tx, scope, index, index + 1));
    expect(leaf).toMatchObject({ payload: null, salt: null });
  }));

it("a record whose last content is lost is changed all the same", () =>
  withSmallRecord(async (record) => {
    await record.commit("cost_report", { span: SPAN, records: [cost("a", "1")] });
    const [version] = await versions(record, "cost_report");
    const digest = await record.digest();
    await record.tamper((db) =>
      db.updateTable("leaves").set({ payload: null }).where("leaf_index", "=", version!.leafIndex).execute(),
    );
    expect(await record.digest()).not.toBe(digest);
    const changed = await record.commit("cost_report", { span: SPAN, records: [cost("a", "2")], date: null });
    // The row of the lost version cannot be told any more, so the new one has its place taken.
    expect(changed).toMatchObject({ changed: 1, problems: [{ path: "key" }] });
  }));
