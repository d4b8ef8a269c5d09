import { describe, expect, it } from "vitest";

import { isFailure, type FailureCode } from "../domain/index.ts";
import { LedgerError, nullIfLedgerError, parseCheckpoint } from "../ledger/index.ts";
import { logState } from "../store/index.ts";
import { testSigner } from "../../test/support/signer.ts";
import { withSmallRecord, type SmallRecord } from "../../test/support/small-record.ts";
import { logTrouble, restoreCheckpoint, wasOfThisTree } from "./guard.ts";
import { logVkeys } from "./log-keys.ts";
import { beginNewLog } from "./new-log.ts";
import { raiseSigningAlarm, signingAlarm } from "./signing-alarm.ts";
import { appendAudit, publishCheckpoint } from "./tenant-log.ts";

const failing = (code: FailureCode) => (thrown: unknown) => isFailure(thrown, code);
const ORIGIN = "ledger.example/test";

/** Something happens, and is signed. */
async function grow({ effects, scope }: SmallRecord): Promise<void> {
  await appendAudit(effects, scope, { event: "test.happened" });
  await publishCheckpoint(effects, scope);
}

const trouble = async ({ store, scope }: SmallRecord, kept: string | null) =>
  (await store.read((tx) => logTrouble(tx, scope, kept)))?.kind ?? null;

describe("the checkpoint that is kept outside the database", () => {
  it("is taken over from the database when it was lost or cannot be read, and only then", () =>
    withSmallRecord(async (record) => {
      const { store, scope, signer, tamper } = record;
      const restore = () => restoreCheckpoint(store, scope, signer);
      expect(await restore()).toBe(null);
      await grow(record);
      const [note] = signer.kept;
      await expect(restore()).rejects.toSatisfy(failing("ledger.checkpoint_there"));
      for (const nothing of [[], ["not a checkpoint\n"]]) {
        signer.kept.splice(0, Infinity, ...nothing);
        expect(await restore()).toBe(2);
        expect(signer.kept.at(-1)).toBe(note);
      }
      // It says more than the database does.
      signer.kept.push(note!.replace("\n2\n", "\n3\n"));
      await expect(restore()).rejects.toSatisfy(failing("ledger.rolled_back"));
      signer.kept.splice(0);
      await tamper((db) =>
        db
          .updateTable("leaves")
          .set({ leaf_hash: Buffer.alloc(32) })
          .execute(),
      );
      await expect(restore()).rejects.toSatisfy(failing("ledger.verification"));
      // What is unreadable cannot be replaced by nothing.
      await tamper((db) => db.deleteFrom("checkpoints").execute());
      signer.kept.push("not a checkpoint\n");
      await expect(restore()).rejects.toSatisfy(failing("ledger.checkpoint_lost"));
    }));

  it("is looked up in the tree once for who only asks, until something is committed", () =>
    withSmallRecord(async (record) => {
      const { store, scope, signer, tamper } = record;
      await grow(record);
      const checkpoint = parseCheckpoint(signer.kept.at(-1)!);
      const asked = () => store.read((tx) => wasOfThisTree(tx, scope, checkpoint));
      expect(await asked()).toBe(true);
      const none = { leaf_hash: Buffer.alloc(32) };
      await tamper((db) => db.updateTable("leaves").set(none).execute());
      expect([await asked(), await trouble(record, signer.kept.at(-1)!)]).toEqual([true, "differs"]);
      await tamper((db) => db.updateTable("logs").set({ last_at_ms: 1 }).execute());
      expect(await asked()).toBe(false);
    }));

  it("of another log is known by what the genesis leaf says of it", () =>
    withSmallRecord(async (record) => {
      const { store, scope, effects, signer, tamper } = record;
      await grow(record);
      const checkpoint = signer.kept.at(-1)!;
      const foreign = checkpoint.replaceAll(ORIGIN, "ledger.example/other");
      expect(await trouble(record, foreign)).toBe("other_log");
      const next = testSigner("ledger.example/next");
      const predecessor = { checkpoint, reason: "a test", key: "new_key" as const };
      await store.write((tx) => beginNewLog(tx, { ...effects, signer: next }, scope, predecessor));
      expect([await trouble(record, checkpoint), await trouble(record, foreign)]).toEqual([null, "other_log"]);
      next.kept.push(checkpoint);
      await publishCheckpoint({ ...effects, signer: next }, scope);
      // From then on its own is kept.
      expect(await trouble(record, checkpoint)).toBe("checkpoint_lost");
      expect(await trouble(record, next.kept.at(-1)!)).toBe(null);
      for (const payload of [null, "{", "{}", "null"]) {
        await tamper((db) => db.updateTable("leaves").set({ payload }).where("leaf_index", "=", 0).execute());
        expect(await trouble(record, checkpoint)).toBe("other_log");
        await expect(store.read((tx) => logVkeys(tx, scope))).rejects.toSatisfy(failing("ledger.verification"));
      }
    }));
});

describe("signing", () => {
  it("is refused when the edge that the log grows from is not that of its leaves", () =>
    withSmallRecord(async (record) => {
      const { effects, scope, signer, store, tamper } = record;
      await grow(record);
      await appendAudit(effects, scope, { event: "test.happened" });
      const { edge } = (await store.read((tx) => logState(tx, scope)))!;
      const altered = Buffer.concat(edge.toReversed());
      await tamper((db) => db.updateTable("logs").set({ edge: altered }).execute());
      await expect(publishCheckpoint(effects, scope)).rejects.toThrow("right edge");
      expect(signer.kept).toHaveLength(1);
    }));

  it("waits while a witness objects to this log, from the first checkpoint on; the first objection stands", () =>
    withSmallRecord(async ({ effects, scope, signer, store }) => {
      await appendAudit(effects, scope, { event: "test.happened" });
      const alarm = { origin: ORIGIN, witness: "w.example", problem: "holds another history", atMs: 1 };
      await store.write((tx) => raiseSigningAlarm(tx, scope, alarm));
      await store.write((tx) => raiseSigningAlarm(tx, scope, { ...alarm, witness: "other.example" }));
      expect(await store.read((tx) => signingAlarm(tx, scope))).toEqual(alarm);
      expect(await publishCheckpoint(effects, scope)).toBe(0);
      expect(signer.kept).toEqual([]);
    }));

  it("does not wait for what was said of another log", () =>
    withSmallRecord(async ({ effects, scope, signer, store }) => {
      const alarm = { origin: "ledger.example/other", witness: "w.example", problem: "another", atMs: 1 };
      await store.write((tx) => raiseSigningAlarm(tx, scope, alarm));
      await appendAudit(effects, scope, { event: "test.happened" });
      expect(await publishCheckpoint(effects, scope)).toBe(2);
      expect(parseCheckpoint(signer.kept[0]!).size).toBe(2);
    }));
});

it("what is no ledger's reads as nothing, and a fault of ours is none of that", async () => {
  const throwing = (thrown: Error) => Promise.reject(thrown).catch(nullIfLedgerError);
  expect(await throwing(new LedgerError("not a checkpoint"))).toBe(null);
  await expect(throwing(new TypeError("ours"))).rejects.toThrow("ours");
});
