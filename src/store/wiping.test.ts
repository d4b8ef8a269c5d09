import { readFileSync } from "node:fs";
import { join } from "node:path";
import { randomBytes } from "node:crypto";

import { CompiledQuery } from "kysely";
import { expect, it } from "vitest";

import { sqliteEngine, tenantScope } from "../../test/support/stores.ts";
import { deleteSecret, insertDek, putSecret, replaceWrapped, setSetting, type Scope, type Store } from "./index.ts";

const engine = sqliteEngine();

async function open(): Promise<{ store: Store; scope: Scope }> {
  const store = await (await engine.database()).open({ tables: [] });
  return { store, scope: await tenantScope(store) };
}

/** Files that hold the bytes, the store being open. */
function holding(bytes: Buffer): string[] {
  const names = ["bursar.db", "bursar.db-wal"];
  return names.filter((name) => readFileSync(join(engine.folder(), "data", name)).includes(bytes));
}

const sealed = (id: string, blob: Buffer) => ({ purpose: "test", id, version: 1, dekVersion: 1, blob });

it("leaves nothing of a deleted secret in the database or its journal", async () => {
  const { store, scope } = await open();
  const blob = randomBytes(120);
  await store.write((tx) => putSecret(tx, scope, sealed("a", blob)));
  expect(holding(blob)).not.toEqual([]);
  await store.write((tx) => deleteSecret(tx, scope, "test", "a"));
  expect(holding(blob)).toEqual([]);
});

it("leaves nothing of a secret that another was written over, whatever its length", async () => {
  const { store, scope } = await open();
  const blobs = [120, 120, 60, 400].map((size) => randomBytes(size));
  for (const blob of blobs) await store.write((tx) => putSecret(tx, scope, sealed("a", blob)));
  expect(blobs.map(holding)).toEqual([[], [], [], ["bursar.db"]]);
});

it("leaves nothing of deleted secrets among many that stay", async () => {
  const { store, scope } = await open();
  const blobs = Array.from({ length: 200 }, () => randomBytes(120));
  for (const [n, blob] of blobs.entries()) await store.write((tx) => putSecret(tx, scope, sealed(String(n), blob)));
  await store.write(async (tx) => {
    for (let n = 0; n < 200; n += 2) await deleteSecret(tx, scope, "test", String(n));
  });
  expect(blobs.filter((blob, n) => n % 2 === 0 && holding(blob).length > 0)).toEqual([]);
  expect(blobs.filter((blob, n) => n % 2 === 1 && holding(blob).length === 0)).toEqual([]);
});

it("leaves nothing of a data key's former wrapping", async () => {
  const { store, scope } = await open();
  const dek = { version: 1, keyId: randomBytes(8), wrapped: randomBytes(80) };
  await store.write((tx) => insertDek(tx, scope, dek));
  await store.write((tx) => replaceWrapped(tx, scope, { ...dek, wrapped: randomBytes(80) }));
  expect(holding(dek.wrapped)).toEqual([]);
});

it("empties the journal with a later commit when somebody read the old pages for long", async () => {
  const { store, scope } = await open();
  const blob = randomBytes(120);
  await store.write((tx) => putSecret(tx, scope, sealed("a", blob)));
  await store.read(async (tx) => {
    await tx.db.selectFrom("settings").selectAll().execute();
    await store.write((beside) => deleteSecret(beside, scope, "test", "a"));
  });
  await store.write((tx) => setSetting(tx, scope, "colour", "blue"));
  expect(holding(blob)).toEqual([]);
});

it("wipes only where it was asked to", async () => {
  const { store, scope } = await open();
  const secureDelete = () => store.write((tx) => tx.db.executeQuery(rawPragma()));
  await store.write((tx) => deleteSecret(tx, scope, "test", "a"));
  expect((await secureDelete()).rows).toEqual([{ secure_delete: 0n }]);
  const failing = store.write(async (tx) => {
    await deleteSecret(tx, scope, "test", "a");
    throw new Error("on purpose");
  });
  await expect(failing).rejects.toThrow("on purpose");
  expect((await secureDelete()).rows).toEqual([{ secure_delete: 0n }]);
});

function rawPragma() {
  return CompiledQuery.raw("pragma secure_delete");
}
