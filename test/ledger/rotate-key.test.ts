import { rm } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { isFailure } from "../../src/domain/index.ts";
import { parseCheckpoint, verifyExport } from "../../src/ledger/index.ts";
import { catalog, runOperation, type OperationContext } from "../../src/operations/index.ts";
import { latestCheckpoint, listSecrets } from "../../src/store/index.ts";
import { publishCheckpoint } from "../../src/sync/index.ts";
import { raiseSigningAlarm } from "../../src/sync/signing-alarm.ts";
import { auditEvents, withSessions } from "../support/sessions.ts";

async function summary(context: OperationContext) {
  return runOperation(context, await catalog.ledgerSummary(), {});
}

async function rotate(context: OperationContext) {
  return runOperation(context, await catalog.rotateLogKey(), { reason: "a test" });
}

/** Some signed history: any order leaves a trace. */
async function begin(context: OperationContext): Promise<string> {
  await runOperation(context, await catalog.addTenant(), { name: "other" });
  await publishCheckpoint(await context.effects(), context.scope);
  return (await summary(context)).ledger!.checkpoint!.vkeys[0]!;
}

async function exported(context: OperationContext, dir: string, payloads = true): Promise<string> {
  await publishCheckpoint(await context.effects(), context.scope);
  await runOperation(context, await catalog.exportLedger(), { dir, payloads });
  return dir;
}

const signers = (note: string) => note.split("\n").filter((line) => line.startsWith("— ")).length;

describe("a change of the log's key", () => {
  it("is vouched for by the old key, after which the new one signs alone", () =>
    withSessions(async ({ open, folder }) => {
      const context = await open();
      const first = await begin(context);
      const { vkey, before, size } = await rotate(context);
      expect(before).toBe(first);
      const both = await context.store.read((tx) => latestCheckpoint(tx, context.scope));
      expect([both!.size, signers(both!.note)]).toEqual([size, 2]);
      await publishCheckpoint(await context.effects(), context.scope);
      const after = await context.store.read((tx) => latestCheckpoint(tx, context.scope));
      expect(signers(after!.note)).toBe(1);
      expect((await summary(context)).ledger!.checkpoint!.vkeys).toEqual([first, vkey]);
      expect(await auditEvents(context)).toEqual(["tenant.added", "ledger.key_changed"]);
      // The old key is gone: nobody who comes by this database later can sign with it.
      const sealed = await context.store.read((tx) => listSecrets(tx, context.scope));
      expect(sealed.filter(({ purpose }) => purpose === "log-key").map(({ id }) => id)).toEqual(["2"]);

      const dir = await exported(context, join(folder, "ledger"));
      for (const trusted of [first, vkey])
        expect(await verifyExport(dir, { vkey: trusted })).toMatchObject({ ok: true });
    }));

  it("is followed over several changes by whoever has the first key alone, and by nobody without payloads", () =>
    withSessions(async ({ open, folder }) => {
      const context = await open();
      const first = await begin(context);
      for (let change = 0; change < 3; change += 1) await rotate(context);
      const dir = await exported(context, join(folder, "ledger"));
      expect(await verifyExport(dir, { vkey: first })).toMatchObject({ ok: true, leaves: { key: 3 } });
      // What a key leaf says is content: without it a second signature could be anybody's.
      const bare = await exported(context, join(folder, "bare"), false);
      expect(await verifyExport(bare, { vkey: first })).toMatchObject({ ok: false });
      expect((await summary(context)).ledger!.checkpoint!.vkeys).toHaveLength(4);
    }));

  it("that ended half way is brought to its end by the next checkpoint", () =>
    withSessions(async ({ open, folder }) => {
      const context = await open();
      const first = await begin(context);
      const effects = await context.effects();
      const keep = () => Promise.reject(new Error("the power went"));
      const halted = { ...context, effects: async () => ({ ...effects, signer: { ...effects.signer, keep } }) };
      await expect(rotate(halted)).rejects.toThrow("the power went");
      const later = await open();
      const resumed = await rotate(later);
      expect(resumed).toMatchObject({ resumed: true, before: first });
      const dir = await exported(later, join(folder, "ledger"));
      expect(await verifyExport(dir, { vkey: first })).toMatchObject({ ok: true, leaves: { key: 1 } });
    }));

  it("leaves a checkpoint of an older time valid", () =>
    withSessions(async ({ open, folder }) => {
      const context = await open();
      await begin(context);
      const kept = (await context.unguarded.signer.lastKept())!;
      await rotate(context);
      const dir = await exported(context, join(folder, "ledger"));
      expect(parseCheckpoint(kept).size).toBeLessThan((await summary(context)).ledger!.checkpoint!.size);
      expect(await verifyExport(dir, { checkpoint: kept })).toMatchObject({ ok: true });
    }));

  it("is not begun while nothing may be appended", () =>
    withSessions(async ({ open, folder }) => {
      const context = await open();
      await begin(context);
      await rm(join(folder, "checkpoints"), { recursive: true });
      const troubled = await open();
      await expect(rotate(troubled)).rejects.toSatisfy((thrown) => isFailure(thrown, "ledger.checkpoint_lost"));
      expect(await auditEvents(troubled)).toEqual(["tenant.added"]);
      expect(await summary(troubled)).toMatchObject({ trouble: { kind: "checkpoint_lost" } });
    }));

  it("is not begun while a witness objects: nothing is signed, so it could not be handed over", () =>
    withSessions(async ({ open }) => {
      const context = await open();
      const vkey = await begin(context);
      const { store, scope } = context;
      const alarm = { origin: vkey.split("+")[0]!, witness: "w.example", problem: "holds another history", atMs: 0 };
      await store.write((tx) => raiseSigningAlarm(tx, scope, alarm));
      await expect(rotate(context)).rejects.toSatisfy((thrown) => isFailure(thrown, "ledger.forked"));
      expect(await auditEvents(context)).toEqual(["tenant.added"]);
    }));
});
