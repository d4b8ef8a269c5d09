import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { isFailure, type FailureCode } from "../domain/index.ts";
import { exportLedger, parseCheckpoint, verifyExport } from "../ledger/index.ts";
import { eraseClosedContents } from "../store/index.ts";
import { withSmallRecord, type SmallRecord } from "../../test/support/small-record.ts";
import { collected } from "../../test/support/stores.ts";
import { eraseMentions } from "./erase-mentions.ts";
import { closedLedgerSource, erasedSinceClosed, ledgerSource, recordProof, recordProofs } from "./evidence.ts";
import { rotateLogKey } from "./rotate-key.ts";
import { listIdentifiers, Suppressor } from "./suppressor.ts";
import { appendAudit, publishCheckpoint } from "./tenant-log.ts";

const failing = (code: FailureCode) => (thrown: unknown) => isFailure(thrown, code);
const happened = ({ effects, scope }: SmallRecord) => appendAudit(effects, scope, { event: "test.happened" });

async function cutOffRotation({ effects, scope, signer }: SmallRecord): Promise<void> {
  const halted = { ...signer, keep: () => Promise.reject(new Error("the power went")) };
  await expect(rotateLogKey({ ...effects, signer: halted }, scope, "a test")).rejects.toThrow("the power went");
}

describe("a log that ended", () => {
  it("is exported with its change of keys, and counts what was erased since", () =>
    withSmallRecord(async (record) => {
      const { store, scope, effects, signer, folder } = record;
      await happened(record);
      await publishCheckpoint(effects, scope);
      await rotateLogKey(effects, scope, "a test");
      await happened(record);
      await publishCheckpoint(effects, scope);
      await cutOffRotation(record);
      await record.endLog();
      await expect(closedLedgerSource(store, scope, 9)).rejects.toSatisfy(failing("access.unknown"));
      const source = await closedLedgerSource(store, scope, 1);
      // The third key was named after what was signed last.
      expect([source.vkeys, source.handovers]).toMatchObject([{ length: 2 }, { length: 1 }]);
      const dir = join(folder, "closed");
      await exportLedger(source, dir);
      expect(await verifyExport(dir, { vkey: signer.vkeys })).toMatchObject({ ok: true, failures: [] });

      expect(await erasedSinceClosed(store, scope, 1)).toBe(0);
      const names = (payload: string) => payload.includes("test.happened");
      // By a leaf of the next log: the closed one may have such a leaf too, or end before.
      for (const by of [1, 10_000]) {
        await store.write((tx) => eraseClosedContents(tx, scope, by, by === 1 ? names : () => true));
        expect(await erasedSinceClosed(store, scope, 1)).toBe(by === 1 ? 2 : 5);
      }
    }));

  it("says of what it erased itself who ordered it", () =>
    withSmallRecord(async (record) => {
      const { store, scope, effects } = record;
      await happened(record);

      const key = Buffer.alloc(32);
      const options = { subject: "p_00000000abcd", erasedMs: 0, random: effects.random };
      const suppressor = new Suppressor(key, listIdentifiers(key, ["test"], options));
      const facts = { reason: "asked for", subjects: ["p_00000000abcd"] };
      const done = await store.write((tx) => eraseMentions(tx, { ...effects, scope }, suppressor, facts));
      expect(done).toMatchObject({ leaves: 1, others: new Map([["audit", 1]]) });
      await record.endLog();
      expect(await erasedSinceClosed(store, scope, 1)).toBe(0);
    }));

  it("of which nothing was signed cannot be exported", () =>
    withSmallRecord(async (record) => {
      await happened(record);
      await record.endLog();
      const { store, scope } = record;
      await expect(closedLedgerSource(store, scope, 1)).rejects.toSatisfy(failing("ledger.unsigned"));
    }));
});

describe("the proof of a record", () => {
  it("is refused for what is not signed", () =>
    withSmallRecord(async (record) => {
      const { store, scope, effects } = record;
      await happened(record);
      await expect(recordProof(store, scope, 0)).rejects.toThrow("nothing is signed yet");
      await publishCheckpoint(effects, scope);
      for (const index of [-1, 2]) {
        await expect(recordProof(store, scope, index)).rejects.toThrow("the signed log has leaves 0 to 1");
      }
    }));

  it("is refused where leaves or their content are missing", () =>
    withSmallRecord(async (record) => {
      const { store, scope, effects, signer, tamper } = record;
      await happened(record);
      await publishCheckpoint(effects, scope);
      const checkpoint = signer.kept.at(-1)!;
      await tamper((db) => db.updateTable("leaves").set({ payload: null }).where("leaf_index", "=", 1).execute());
      const source = await ledgerSource(store, scope);
      await expect(collected(source.leaves(0, 2))).rejects.toThrow("the payload of leaf 1 is missing");
      await tamper((db) => db.deleteFrom("leaves").where("leaf_index", "=", 1).execute());
      await expect(recordProof(store, scope, 1)).rejects.toThrow("leaf 1 is missing");
      await expect(collected(recordProofs(store, scope, checkpoint, [1]))).rejects.toThrow("a leaf is missing");
    }));
});

it("a change of keys that was cut off is not handed over yet in an export", () =>
  withSmallRecord(async (record) => {
    const { store, scope, effects } = record;
    await happened(record);
    await publishCheckpoint(effects, scope);
    await cutOffRotation(record);
    const before = await ledgerSource(store, scope);
    expect([before.vkeys, before.handovers]).toMatchObject([{ length: 1 }, { length: 0 }]);
    await publishCheckpoint(effects, scope);
    const after = await ledgerSource(store, scope);
    expect([after.vkeys, after.handovers]).toMatchObject([{ length: 2 }, { length: 1 }]);
    expect(parseCheckpoint(after.handovers![0]!.checkpoint).size).toBe(3);
  }));
