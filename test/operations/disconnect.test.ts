import { rm } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { Failure, isFailure } from "../../src/domain/index.ts";
import type { Emulator } from "../../src/emulator/index.ts";
import { catalog, runOperation, type OperationContext } from "../../src/operations/index.ts";
import { acquireLease, findConnection, getSecret } from "../../src/store/index.ts";
import { stateDigest } from "../../src/sync/index.ts";
import { auditEvents, withSessions } from "../support/sessions.ts";

async function connect(context: OperationContext, emulator: Emulator, name = "main"): Promise<void> {
  const upstream = { url: emulator.url, isChosen: true };
  const key = emulator.keys.admin;
  await runOperation({ ...context, upstream }, await catalog.connect(), { name, key });
}

async function backfill(context: OperationContext, connection = "main"): Promise<void> {
  const done = await runOperation(context, await catalog.backfill(), { connection, from: "2026-10-29" });
  expect(done.outcome).toBe("complete");
}

async function purge(context: OperationContext, connection = "main") {
  return runOperation(context, await catalog.disconnect(), { connection, purge: true });
}

async function hasKey({ store, scope }: OperationContext, name = "main"): Promise<boolean> {
  return store.read(async (tx) => {
    const row = (await findConnection(tx, scope, name))!;
    return row.state === "active" && (await getSecret(tx, scope, "connection-key", String(row.connectionId))) !== null;
  });
}

describe("disconnect --purge", () => {
  it("changes nothing while somebody else writes", () =>
    withSessions(async ({ open, emulator }) => {
      const context = await open();
      const { store, scope, clock } = context;
      await connect(context, await emulator(3));
      const lease = { holder: "a sync elsewhere", nowMs: clock.now(), ttlMs: 60_000 };
      await store.write((tx) => acquireLease(tx, scope, lease));
      await expect(purge(context)).rejects.toSatisfy((thrown) => isFailure(thrown, "sync.lease_held"));
      expect(await hasKey(context)).toBe(true);
      expect(await auditEvents(context)).toEqual(["credential.set"]);
    }));

  it("leaves its trace also when the ledger cannot be signed afterwards", () =>
    withSessions(async ({ open, emulator }) => {
      const context = await open();
      await connect(context, await emulator(3));
      await backfill(context);
      const effects = await context.effects();
      const keep = () => Promise.reject(new Failure("store.disk_full"));
      const full = { ...context, effects: async () => ({ ...effects, signer: { ...effects.signer, keep } }) };
      await expect(purge(full)).rejects.toSatisfy((thrown) => isFailure(thrown, "store.disk_full"));
      expect(await hasKey(context)).toBe(false);
      expect(await auditEvents(context)).toEqual(["credential.set", "organization.purged"]);
    }));

  it("changes nothing while the vault is locked, because the ledger could not be signed", () =>
    withSessions(async ({ open, emulator, folder }) => {
      await connect(await open(), await emulator(3));
      await rm(join(folder, "kek"));
      const context = await open();
      await expect(purge(context)).rejects.toSatisfy((thrown) => isFailure(thrown, "vault.locked"));
      expect(await hasKey(context)).toBe(true);
    }));

  it("forgets the texts that only this organization used, and no others", () =>
    withSessions(async ({ open, emulator }) => {
      const context = await open();
      const { store, scope, streams } = context;
      const first = await emulator(3);
      const second = await emulator(4);
      await connect(context, second, "second");
      const chosen = { ...context, upstream: { url: second.url, isChosen: false } };
      await backfill(chosen, "second");
      const kept = async () => {
        const rows = await store.read((tx) => tx.db.selectFrom("dims").select("value").execute());
        return rows.map(({ value }) => String(value));
      };
      const shared = await kept();
      const before = await stateDigest(store, scope, streams);
      await connect(context, first);
      await backfill(chosen);
      const both = await stateDigest(store, scope, streams);
      const isEmail = (text: string) => /@/.test(text) && !shared.includes(text);
      expect((await kept()).filter(isEmail)).not.toEqual([]);

      expect((await purge(context)).purged).toBeGreaterThan(10);
      expect((await kept()).filter(isEmail)).toEqual([]);
      expect(await stateDigest(store, scope, streams)).toBe(before);

      // The same texts again: what this process remembers of their codes must be gone too.
      await connect(context, first);
      await backfill(chosen);
      expect(await stateDigest(store, scope, streams)).toBe(both);
    }));
});

describe("a database that is not the newest", () => {
  it("refuses an order before anything is changed, and is looked at and mended all the same", () =>
    withSessions(async ({ open, emulator, folder }) => {
      const earlier = await open();
      await connect(earlier, await emulator(3));
      await backfill(earlier);
      await rm(join(folder, "checkpoints"), { recursive: true });
      const context = await open();
      const disconnecting = runOperation(context, await catalog.disconnect(), { connection: "main" });
      await expect(disconnecting).rejects.toSatisfy((thrown) => isFailure(thrown, "ledger.checkpoint_lost"));
      expect(await hasKey(context)).toBe(true);
      expect((await runOperation(context, await catalog.doctor(), {})).ok).toBe(false);
      const again = await open();
      expect((await runOperation(again, await catalog.doctor(), { restoreCheckpoint: true })).ok).toBe(true);
      await runOperation(again, await catalog.disconnect(), { connection: "main" });
      expect(await hasKey(again)).toBe(false);
    }));
});
