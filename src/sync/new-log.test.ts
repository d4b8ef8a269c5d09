import { describe, expect, it } from "vitest";

import { dayOfText, isFailure } from "../domain/index.ts";
import { latestCheckpoint, listClosedLogs } from "../store/index.ts";
import { withSmallRecord, type SmallRecord } from "../../test/support/small-record.ts";
import { costRow } from "../../test/support/upstream-rows.ts";
import { lastCheckpointOf } from "./new-log.ts";
import { rebuildRows } from "./rebuild.ts";
import { publishCheckpoint } from "./tenant-log.ts";

const DAY = dayOfText("2026-10-30")!;
const unsigned = (thrown: unknown) => isFailure(thrown, "ledger.unsigned");

const costs = (record: SmallRecord, lines: number) =>
  record.commit("cost_report", {
    span: { from: DAY, to: DAY + 1 },
    records: Array.from({ length: lines }, (_, at) => costRow(DAY, { description: `line ${at}` }, "1")),
  });

describe("a new log", () => {
  it("takes over more versions than are hashed in one go", () =>
    withSmallRecord(async (record) => {
      await costs(record, 2_001);
      await publishCheckpoint(record.effects, record.scope);
      const digest = await record.digest();
      expect(await record.endLog()).toMatchObject({ versions: 2_001, leftOut: 0 });
      const rebuilt = await rebuildRows(record.store, record.scope, record.effects.streams);
      expect(rebuilt).toMatchObject({ records: 2_001, mended: false, digestAfter: digest });
    }));

  it("leaves a version behind that was put on a leaf of another kind, and follows a log whose genesis is lost", () =>
    withSmallRecord(async (record) => {
      const { store, scope, effects, tamper } = record;
      await costs(record, 2);
      await publishCheckpoint(effects, scope);
      // The fetch, which was committed to as well.
      await tamper((db) =>
        db.updateTable("record_versions").set({ leaf_index: 1 }).where("leaf_index", "=", 2).execute(),
      );
      await tamper((db) => db.updateTable("leaves").set({ payload: null }).where("leaf_index", "=", 0).execute());
      expect(await record.endLog()).toMatchObject({ versions: 1, leftOut: 1 });
      expect(await store.read((tx) => listClosedLogs(tx, scope))).toMatchObject([{ keys: [] }]);
    }));

  it("names the last checkpoint that the database knows where none is kept, and cannot follow an unsigned one", () =>
    withSmallRecord(async (record) => {
      const { store, scope, effects, signer } = record;
      const last = (kept: string | null) => store.read((tx) => lastCheckpointOf(tx, scope, kept));
      await expect(last(null)).rejects.toSatisfy(unsigned);
      await costs(record, 1);
      await expect(last(null)).rejects.toSatisfy(unsigned);
      await publishCheckpoint(effects, scope);
      const { note } = (await store.read((tx) => latestCheckpoint(tx, scope)))!;
      for (const kept of [null, "not a checkpoint", signer.kept[0]!]) expect(await last(kept)).toBe(note);
    }));

  it("is not begun in a database that holds none", () =>
    withSmallRecord(async (kept) =>
      withSmallRecord(async ({ store, scope }) => {
        await costs(kept, 1);
        await publishCheckpoint(kept.effects, kept.scope);
        const last = store.read((tx) => lastCheckpointOf(tx, scope, kept.signer.kept[0]!));
        await expect(last).rejects.toSatisfy(unsigned);
      }),
    ));
});
