import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

import { catalog, runOperation, type OperationContext } from "../../src/operations/index.ts";
import { listRuns, logState } from "../../src/store/index.ts";
import { stateDigest } from "../../src/sync/index.ts";
import { connectTo } from "../support/rolled-back.ts";
import { syncExit } from "../support/struck-record.ts";
import type { Held, OwnFault } from "./own-fault.ts";

/** Keys at rest, and keys that are pasted. */
export const secretFaults: readonly OwnFault[] = [
  {
    id: "F64",
    fault: "a malformed key is pasted: another kind, quotes, spaces, line ends, 10 kB, letters that no key has",
    expected: "told by its shape, with a sentence for each kind; nothing is asked of upstream, nothing echoed",
    exit: "2",
    proofs: [
      { file: "test/e2e/cli-input.test.ts", test: "is told by its shape: no request, no echo, nothing made" },
      {
        file: "test/api/pasted-keys.test.ts",
        test: "is answered 422 at its field, without a request and without an echo",
      },
      { file: "src/source/keys.test.ts", test: "F64" },
    ],
    postgres: "it ends before a database is asked",
  },
  {
    id: "F65",
    fault: "the key-encryption key is missing at start, or another one",
    expected: "locked and readable; nothing is rewritten and no new key made",
    exit: "4",
    strike: async ({ context, folder, open, beside }) => {
      await context.store.close();
      const kek = join(folder, "kek");
      await rename(kek, beside("kek"));
      const missing = await lockedHolds(await open(), "missing");
      await writeFile(kek, `${"ab".repeat(32)}\n`, { mode: 0o600 });
      const other = await lockedHolds(await open(), "another");
      const stayed = (await readFile(kek, "utf8")) === `${"ab".repeat(32)}\n`;
      await rename(beside("kek"), kek);
      return { holds: { ...missing, ...other, "no key is made": stayed }, context: await open() };
    },
    proofs: [{ file: "test/ledger/locked.test.ts", test: "a missing or wrong key-encryption key (F65)" }],
    postgres: "tried",
  },
  {
    id: "F66",
    fault: "a sealed value is altered in the database, or moved between tenants",
    expected: "refused; as F65 for that tenant only",
    exit: "4",
    strike: async ({ context, world, open }) => {
      await runOperation(context, await catalog.addTenant(), { name: "other" });
      const other = await open("other");
      await connectTo(other, world);
      const before = await blobs(context);
      const key = before.find(({ tenant_id, purpose }) => tenant_id === own(context) && purpose === "connection-key")!;
      const ofOther = before.find(
        ({ tenant_id, purpose }) => tenant_id === own(other) && purpose === "connection-key",
      )!;
      const flipped = Buffer.from(key.blob);
      flipped[flipped.length - 1]! ^= 1;
      await putBlob(context, key, flipped);
      const altered = await syncExit(await open());
      await putBlob(context, key, ofOther.blob);
      const moved = await syncExit(await open());
      const stands = await syncExit(await open("other"));
      await putBlob(context, key, key.blob);
      return {
        holds: {
          "one flipped bit is refused": altered.exit === 4 && altered.said.includes("cannot be opened"),
          "another tenant's value is refused": moved.exit === 4 && moved.said.includes("cannot be opened"),
          "the other tenant goes on": stands.exit === 0,
        },
        context: await open(),
      };
    },
    proofs: [
      { file: "src/vault/vault.test.ts", test: "refuses a value that was moved to another tenant, name or version" },
      { file: "test/ledger/locked.test.ts", test: "a sealed value that was altered or moved (F66)" },
    ],
    postgres: "tried",
  },
];

async function lockedHolds(context: OperationContext, which: string): Promise<Held["holds"]> {
  const before = await blobs(context);
  const { leaves } = await size(context);
  const { exit, said } = await syncExit(context);
  const { runs } = await context.store.read(async (tx) => ({ runs: await listRuns(tx, context.scope, 10) }));
  const held = {
    [`${which}: it is locked`]: context.keyring.lockedBy !== null,
    [`${which}: a sync ends with 4`]: exit === 4 && said.includes("locked"),
    [`${which}: what was read can be read`]:
      runs.length > 0 && (await stateDigest(context.store, context.scope, context.streams)) !== "",
    [`${which}: nothing is rewritten`]:
      isDeepStrictEqual(await blobs(context), before) && (await size(context)).leaves === leaves,
  };
  await context.store.close();
  return held;
}

const own = ({ scope }: OperationContext): bigint => BigInt(scope.tenantId);

async function size({ store, scope }: OperationContext): Promise<{ leaves: number }> {
  return { leaves: (await store.read((tx) => logState(tx, scope)))?.size ?? 0 };
}

interface Sealed {
  readonly tenant_id: bigint;
  readonly purpose: string;
  readonly id: string;
  readonly blob: Buffer;
}

async function blobs({ store }: OperationContext): Promise<Sealed[]> {
  const rows = await store.read((tx) =>
    tx.db.selectFrom("secrets").selectAll().orderBy("tenant_id").orderBy("purpose").orderBy("id").execute(),
  );
  return rows as unknown as Sealed[];
}

async function putBlob({ store }: OperationContext, { tenant_id, purpose, id }: Sealed, blob: Buffer): Promise<void> {
  await store.write((tx) =>
    tx.db
      .updateTable("secrets")
      .set({ blob })
      .where("tenant_id", "=", tenant_id)
      .where("purpose", "=", purpose)
      .where("id", "=", id)
      .execute(),
  );
}
