import { rm, writeFile } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { isFailure } from "../../src/domain/index.ts";
import { parseCheckpoint, parseVkey, verifyCheckpoint, verifyExport } from "../../src/ledger/index.ts";
import { catalog, runOperation, type OperationContext } from "../../src/operations/index.ts";
import { eraseClosedContents, readLeaves } from "../../src/store/index.ts";
import {
  connectTo,
  everythingSaid,
  exportTo,
  keepDatabase,
  putDatabaseBack,
  syncMain,
} from "../support/rolled-back.ts";
import { auditEvents, withSessions, type TestSessions } from "../support/sessions.ts";

const REASON = "restored from a backup, and nobody has an export";

const beginNew = async (context: OperationContext, newKey = false) =>
  runOperation(context, await catalog.newLog(), { reason: REASON, newKey });
const summary = async (context: OperationContext) => runOperation(context, await catalog.ledgerSummary(), {});
const verified = async (context: OperationContext) => runOperation(context, await catalog.verify(), {});

async function genesisOf({ store, scope }: OperationContext) {
  const [leaf] = await store.read((tx) => readLeaves(tx, scope, 0, 1));
  return JSON.parse(leaf!.payload!) as { origin: string; predecessor?: { checkpoint: string; reason: string } };
}

/** A record with two versions of some rows, whose database is then the one of before the second. */
async function rolledBack({ open, emulator, folder }: TestSessions) {
  const context = await open();
  const world = await emulator(3);
  await connectTo(context, world);
  await syncMain(context, "2026-10-29");
  world.world.overlay.restate({ day: "2026-10-30", stream: "cost", factor: 2 });
  world.clock.advance(3_600_000);
  await syncMain(context);
  keepDatabase(folder, "yesterday.db");
  const signedThen = (await summary(context)).ledger!.checkpoint!;
  world.clock.advance(3_600_000);
  await syncMain(context);
  const kept = (await context.unguarded.signer.lastKept())!;
  await context.store.close();
  await putDatabaseBack(folder, "yesterday.db");
  return { restored: await open(), kept, signedThen };
}

describe("a new log", () => {
  it("takes every version over, names the old one, and goes on; the old one can still be exported", () =>
    withSessions(async (sessions) => {
      const { folder } = sessions;
      const { restored, kept, signedThen } = await rolledBack(sessions);
      const before = await everythingSaid(restored);
      expect((await summary(restored)).trouble).toMatchObject({ kind: "behind" });
      const done = await beginNew(restored);
      expect(done).toMatchObject({ closed: 1, leftOut: 0, kept: (await summary(restored)).closed[0]!.size });
      expect(await genesisOf(restored)).toMatchObject({ predecessor: { checkpoint: kept, reason: REASON } });
      expect(await summary(restored)).toMatchObject({ trouble: null, ledger: { origin: done.origin } });
      expect(await auditEvents(restored)).toEqual(["ledger.log_begun"]);

      // Nothing that was believed, nor since when, has changed.
      expect(await everythingSaid(restored)).toEqual(before);
      await syncMain(restored);
      expect(await verified(restored)).toMatchObject({ ok: true, failures: [] });
      await exportTo(restored, join(folder, "new"));
      expect(await verifyExport(join(folder, "new"), { vkey: done.vkeys })).toMatchObject({ ok: true });

      const dir = join(folder, "old");
      await runOperation(restored, await catalog.exportLedger(), { dir, log: 1 });
      expect(await verifyExport(dir, { vkey: signedThen.vkeys, checkpoint: signedThen.note })).toMatchObject({
        ok: true,
        size: signedThen.size,
      });
      // The same seed under another name: the key goes on, and is told apart.
      const [old, now] = [parseVkey(signedThen.vkeys[0]!), parseVkey(done.vkeys[0]!)];
      expect(now.publicKey.equals(old.publicKey)).toBe(true);
      expect(now.vkey).not.toBe(old.vkey);

      // What is erased from now on is erased there too, where no leaf can say so any more.
      const { store, scope } = restored;
      const isCost = (payload: string) => payload.includes("cost");
      expect(await store.write((tx) => eraseClosedContents(tx, scope, 1, isCost))).toBeGreaterThan(0);
      const again = async (payloads: boolean) =>
        runOperation(restored, await catalog.exportLedger(), { dir: join(folder, "erased"), log: 1, payloads });
      await expect(again(true)).rejects.toSatisfy((thrown) => isFailure(thrown, "input.invalid"));
      await again(false);
      expect(await verifyExport(join(folder, "erased"), { vkey: signedThen.vkeys })).toMatchObject({ ok: true });
    }));

  it("answers as of a day what was believed then, also of versions that it took over", () =>
    withSessions(async (sessions) => {
      const { restored } = await rolledBack(sessions);
      const ask = async () => runOperation(restored, await catalog.report(), { metric: "cost", asOf: "2026-10-31" });
      const before = await ask();
      await beginNew(restored);
      expect(await ask()).toEqual(before);
    }));

  it("is begun with a new key when the old one is lost, and only then", () =>
    withSessions(async (sessions) => {
      const { open, emulator, folder } = sessions;
      const context = await open();
      await connectTo(context, await emulator(3));
      await syncMain(context, "2026-10-29");
      const old = (await summary(context)).ledger!.checkpoint!;
      await context.store.close();
      const database = new DatabaseSync(join(folder, "bursar.db"));
      database.exec("delete from secrets where purpose = 'log-key'");
      database.close();
      const bereft = await open();
      expect((await summary(bereft)).trouble).toMatchObject({ kind: "key_lost" });
      await expect(beginNew(bereft)).rejects.toSatisfy((thrown) => isFailure(thrown, "ledger.key_lost"));
      expect((await summary(bereft)).closed).toEqual([]);
      const done = await beginNew(bereft, true);
      expect(parseVkey(done.vkeys[0]!).publicKey.equals(parseVkey(old.vkeys[0]!).publicKey)).toBe(false);
      await syncMain(bereft);
      expect(await verified(bereft)).toMatchObject({ ok: true });
      const { predecessor } = await genesisOf(bereft);
      expect(verifyCheckpoint(predecessor!.checkpoint, old.vkeys.map(parseVkey)).size).toBe(old.size);
    }));

  it("leaves behind what is not what the old log committed to, with its rows", () =>
    withSessions(async (sessions) => {
      const { open, emulator, folder } = sessions;
      const context = await open();
      await connectTo(context, await emulator(3));
      await syncMain(context, "2026-10-29");
      await context.store.close();
      const database = new DatabaseSync(join(folder, "bursar.db"));
      database.exec(
        `update leaves set payload = replace(payload, '"amount":"', '"amount":"9') where leaf_index =
           (select min(leaf_index) from leaves where payload like '%"amount":"%')`,
      );
      database.close();
      const tampered = await open();
      expect((await summary(tampered)).trouble).toBe(null);
      const done = await beginNew(tampered);
      expect(done.leftOut).toBe(1);
      expect(await verified(tampered)).toMatchObject({ ok: true });
    }));

  it("is not begun while the old one can go on", () =>
    withSessions(async (sessions) => {
      const { open, emulator } = sessions;
      const context = await open();
      await connectTo(context, await emulator(3));
      await syncMain(context, "2026-10-29");
      await expect(beginNew(context)).rejects.toSatisfy((thrown) => isFailure(thrown, "ledger.sound"));
      expect((await summary(context)).closed).toEqual([]);
    }));

  it("whose first checkpoint was not kept any more goes on from where it ended", () =>
    withSessions(async (sessions) => {
      const { open } = sessions;
      const { restored, kept } = await rolledBack(sessions);
      const { signer } = restored.unguarded;
      const keep = () => Promise.reject(new Error("the power went"));
      const cut = { ...restored, unguarded: { ...restored.unguarded, signer: { ...signer, keep } } };
      await expect(beginNew(cut)).rejects.toThrow("the power went");
      await restored.store.close();
      const again = await open();
      expect(await again.unguarded.signer.lastKept()).toBe(kept);
      expect((await summary(again)).trouble).toBe(null);
      await syncMain(again);
      expect(parseCheckpoint((await again.unguarded.signer.lastKept())!).origin).toBe(
        (await summary(again)).ledger!.origin,
      );
      expect(await verified(again)).toMatchObject({ ok: true });
    }));

  it("may follow a new log, and after a lost or foreign checkpoint file", () =>
    withSessions(async (sessions) => {
      const { open, folder } = sessions;
      const { restored } = await rolledBack(sessions);
      await beginNew(restored);
      await writeFile(join(folder, "checkpoints", "default"), "not a checkpoint\n");
      const foreign = await open();
      expect((await summary(foreign)).trouble).toMatchObject({ kind: "checkpoint_unreadable" });
      await beginNew(foreign);
      await rm(join(folder, "checkpoints"), { recursive: true });
      const lost = await open();
      expect((await summary(lost)).trouble).toMatchObject({ kind: "checkpoint_lost" });
      const before = await everythingSaid(lost);
      expect(await beginNew(lost)).toMatchObject({ closed: 3, leftOut: 0 });
      expect(await everythingSaid(lost)).toEqual(before);
      expect(await verified(lost)).toMatchObject({ ok: true });
      for (const number of [1, 2, 3]) {
        const dir = join(folder, `log-${number}`);
        await runOperation(lost, await catalog.exportLedger(), { dir, log: number });
        expect(await verifyExport(dir)).toMatchObject({ ok: true });
      }
    }));
});
