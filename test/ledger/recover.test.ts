import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { isFailure, type FailureCode } from "../../src/domain/index.ts";
import type { Emulator } from "../../src/emulator/index.ts";
import { catalog, runOperation, type OperationContext } from "../../src/operations/index.ts";
import { readLeaves, type Store } from "../../src/store/index.ts";
import {
  connectTo,
  everythingSaid,
  exportTo,
  keepDatabase,
  putDatabaseBack,
  syncMain,
} from "../support/rolled-back.ts";
import { auditEvents, withSessions, type TestSessions } from "../support/sessions.ts";

const recover = async (context: OperationContext, from: string) =>
  runOperation(context, await catalog.recoverLedger(), { from });
const troubleOf = async (context: OperationContext) =>
  (await runOperation(context, await catalog.ledgerSummary(), {})).trouble;
const rebuild = async (context: OperationContext) => runOperation(context, await catalog.doctor(), { rebuild: true });
const failing = (code: FailureCode) => (thrown: unknown) => isFailure(thrown, code);

function withoutWrite(store: Store): Omit<Store, "write"> {
  const { engine, place, staleTables } = store;
  return { engine, place, staleTables, read: (work) => store.read(work), close: () => store.close() };
}

/** A history of two syncs with a restatement and a row that vanished between them, and a database of the first. */
async function twoSyncs({
  open,
  emulator,
  folder,
}: TestSessions): Promise<{ context: OperationContext; world: Emulator }> {
  const context = await open();
  const world = await emulator(3);
  await connectTo(context, world);
  await syncMain(context, "2026-10-29");
  keepDatabase(folder, "yesterday.db");
  world.world.overlay.restate({ day: "2026-10-30", stream: "cost", factor: 2 });
  world.clock.advance(3_600_000);
  await syncMain(context);
  return { context, world };
}

describe("a database of yesterday", () => {
  it("is completed from an export, byte for byte, and goes on", () =>
    withSessions(async (sessions) => {
      const { open, folder } = sessions;
      const { context } = await twoSyncs(sessions);
      await runOperation(context, await catalog.rotateLogKey(), {});
      const whole = await everythingSaid(context);
      await exportTo(context, join(folder, "export"));
      const { ledger } = await runOperation(context, await catalog.ledgerSummary(), {});
      await context.store.close();

      await putDatabaseBack(folder, "yesterday.db");
      const restored = await open();
      expect(await troubleOf(restored)).toMatchObject({ kind: "behind", signed: ledger!.checkpoint!.size });
      await expect(syncMain(restored)).rejects.toSatisfy(failing("ledger.rolled_back"));
      const done = await recover(restored, join(folder, "export"));
      expect(done).toMatchObject({ size: ledger!.checkpoint!.size, erased: 0 });
      expect(done.versions).toBeGreaterThan(0);
      expect(await everythingSaid(restored)).toEqual(whole);
      // The key that signs was made after yesterday: it is not in this database, which is said next.
      expect(await troubleOf(restored)).toMatchObject({ kind: "key_lost" });
      expect((await auditEvents(restored)).at(-1)).toBe("ledger.recovered");
      const found = await runOperation(restored, await catalog.verify(), { vkeys: ledger!.checkpoint!.vkeys });
      expect(found).toMatchObject({ ok: true, failures: [] });
    }));

  it("signs on when its key is there, and an older checkpoint holds", () =>
    withSessions(async (sessions) => {
      const { open, folder } = sessions;
      const { context } = await twoSyncs(sessions);
      await exportTo(context, join(folder, "export"));
      const kept = (await context.unguarded.signer.lastKept())!;
      await context.store.close();
      await putDatabaseBack(folder, "yesterday.db");
      const restored = await open();
      await recover(restored, join(folder, "export"));
      expect(await troubleOf(restored)).toBe(null);
      await syncMain(restored);
      expect(await runOperation(restored, await catalog.verify(), { checkpoint: kept })).toMatchObject({ ok: true });
    }));

  it.each([
    // The lease and the mark on the rows are the first two writes.
    [2, "before a leaf came back", (context: OperationContext, dir: string) => recover(context, dir)],
    [3, "before the rows were built", async (context: OperationContext) => rebuild(context)],
  ])("goes on when the power went after write %i, %s", (most, _, goOn) =>
    withSessions(async (sessions) => {
      const { open, folder } = sessions;
      const { context } = await twoSyncs(sessions);
      const whole = await everythingSaid(context);
      await exportTo(context, join(folder, "export"));
      await context.store.close();
      await putDatabaseBack(folder, "yesterday.db");
      const cut = await open();
      const { store } = cut;
      let writes = 0;
      const write: Store["write"] = (work) =>
        ++writes === most + 1 ? Promise.reject(new Error("the power went")) : store.write(work);
      const ending: Store = { ...withoutWrite(store), write };
      await expect(recover({ ...cut, store: ending }, join(folder, "export"))).rejects.toThrow("the power went");
      await store.close();
      const again = await open();
      // Whatever is there already: its rows are not believed before they are built.
      const report = runOperation(again, await catalog.report(), { metric: "cost" });
      await expect(report).rejects.toThrow("wait to be built");
      await goOn(again, join(folder, "export"));
      expect(await everythingSaid(again)).toEqual(whole);
    }),
  );

  it("that holds nothing any more is built from the export alone", () =>
    withSessions(async (sessions) => {
      const { open, folder } = sessions;
      const { context } = await twoSyncs(sessions);
      const whole = await everythingSaid(context);
      await exportTo(context, join(folder, "export"));
      await context.store.close();
      for (const name of ["bursar.db", "bursar.db-wal", "bursar.db-shm"]) await rm(join(folder, name), { force: true });
      const empty = await open();
      expect(await troubleOf(empty)).toMatchObject({ kind: "behind", present: 0 });
      await recover(empty, join(folder, "export"));
      expect(await everythingSaid(empty)).toEqual(whole);
      expect(await troubleOf(empty)).toMatchObject({ kind: "key_lost" });
    }));

  it("keeps what was erased since erased", () =>
    withSessions(async (sessions) => {
      const { open, folder } = sessions;
      const { context } = await twoSyncs(sessions);
      await runOperation(context, await catalog.disconnect(), { connection: "main", purge: true });
      await exportTo(context, join(folder, "export"));
      const whole = await everythingSaid(context);
      await context.store.close();
      await putDatabaseBack(folder, "yesterday.db");
      const restored = await open();
      const leaves = await restored.store.read((tx) => readLeaves(tx, restored.scope, 0, 1_000));
      const content = leaves.flatMap(({ leaf, payload }) => (leaf.includes('"t":"rec"') ? [payload ?? ""] : []))[0]!;
      expect((await recover(restored, join(folder, "export"))).erased).toBeGreaterThan(0);
      expect(await everythingSaid(restored)).toEqual(whole);
      expect(await runOperation(restored, await catalog.verify(), {})).toMatchObject({ ok: true });
      await restored.store.close();
      expect(await readFile(join(folder, "yesterday.db"), "utf8")).toContain(content);
      expect(await readFile(join(folder, "bursar.db"), "utf8")).not.toContain(content);
    }));
});

describe("an export that does not help", () => {
  it("is refused, and nothing is changed", () =>
    withSessions(async (sessions) => {
      const { open, folder } = sessions;
      const { context } = await twoSyncs(sessions);
      const dir = (name: string) => join(folder, name);
      await exportTo(context, dir("short"));
      await runOperation(context, await catalog.addTenant(), { name: "other" });
      await exportTo(context, dir("whole"));
      await runOperation(context, await catalog.exportLedger(), { dir: dir("bare"), payloads: false });
      await cp(dir("whole"), dir("altered"), { recursive: true });
      const file = join(dir("altered"), "payload/000");
      await writeFile(
        file,
        (await readFile(file, "utf8")).replace("genesis", "Genesis").replace("ledger/1", "ledger/2"),
      );
      await expect(recover(context, dir("whole"))).rejects.toSatisfy(failing("ledger.nothing_missing"));
      await context.store.close();
      await putDatabaseBack(folder, "yesterday.db");
      const restored = await open();
      const before = await everythingSaid(restored);
      const refusals: [string, FailureCode][] = [
        ["short", "ledger.export_too_short"],
        ["bare", "input.invalid"],
        ["altered", "ledger.verification"],
        ["absent", "input.invalid"],
      ];
      for (const [name, code] of refusals) {
        await expect(recover(restored, dir(name)), name).rejects.toSatisfy(failing(code));
      }
      expect(await everythingSaid(restored)).toEqual(before);
      await recover(restored, dir("whole"));
      expect(await troubleOf(restored)).toBe(null);
    }));

  it("is of another history: the first leaf that differs is named", () =>
    withSessions(async (sessions) => {
      const { open, folder } = sessions;
      const { context } = await twoSyncs(sessions);
      await exportTo(context, join(folder, "export"));
      await context.store.close();
      await putDatabaseBack(folder, "yesterday.db");
      // Somebody let it go on without its checkpoint.
      await rm(join(folder, "checkpoints"), { recursive: true });
      const forked = await open();
      await runOperation(forked, await catalog.doctor(), { restoreCheckpoint: true });
      await runOperation(forked, await catalog.addTenant(), { name: "fork" });
      const { ledger } = await runOperation(forked, await catalog.ledgerSummary(), {});
      await expect(recover(forked, join(folder, "export"))).rejects.toThrow(/differ from leaf \d+ on/);
      expect((await runOperation(forked, await catalog.ledgerSummary(), {})).ledger!.size).toBe(ledger!.size);
    }));
});
