import { expect, it } from "vitest";

import { onEveryEngine, tenantScope } from "../../test/support/stores.ts";
import { leafBytes, leafHash, type Leaf, type LeafKind } from "../ledger/index.ts";
import { appendLeaves, appendVersions, createLog, ownLeaves, searchRecords, type NewVersion } from "./index.ts";

const KINDS: readonly LeafKind[] = ["genesis", "fetch", "audit", "rec", "run", "audit", "rec"];

onEveryEngine((engine) => {
  const open = async () => {
    const store = await (await engine.database()).open({ tables: [] });
    const scope = await tenantScope(store);
    await store.write(async (tx) => {
      await createLog(tx, scope, { origin: "ledger.example/test" });
      const leaves = KINDS.map((t, index) => {
        const leaf = leafBytes(leafOf(index, t));
        return { index, leaf, leafHash: leafHash(leaf), salt: Buffer.alloc(32, index), payload: `{"n":${index}}` };
      });
      await appendLeaves(tx, scope, leaves, 0);
      await appendVersions(tx, scope, "users", "org", [version('["org","Ada_1"]', 1, 3)]);
      await appendVersions(tx, scope, "usage", "org", [
        version('["org","2026-11-01","adaX1"]', 1, 4, 20_000),
        version('["org","2026-11-01","adaX1"]', 2, 6, 20_000),
      ]);
    });
    return { store, scope };
  };

  it("finds leaves about ourselves by their kind, the newest first, from any place on", async () => {
    const { store, scope } = await open();
    const found = await store.read((tx) => ownLeaves(tx, scope, "audit", { limit: 9 }));
    expect(found.map(({ index, payload }) => [index, payload])).toEqual([
      [5, '{"n":5}'],
      [2, '{"n":2}'],
    ]);
    const older = await store.read((tx) => ownLeaves(tx, scope, "audit", { before: 5, limit: 9 }));
    expect(older.map(({ index }) => index)).toEqual([2]);
    expect((await store.read((tx) => ownLeaves(tx, scope, "run", { limit: 1 }))).map(({ index }) => index)).toEqual([
      4,
    ]);
    await store.close();
  });

  it("finds records by a part of their key, which is taken for itself in any case of letters", async () => {
    const { store, scope } = await open();
    const indices = async (search: object) =>
      (await store.read((tx) => searchRecords(tx, scope, { limit: 9, ...search }))).map(({ leafIndex }) => leafIndex);
    expect(await indices({})).toEqual([6, 4, 3]);
    expect(await indices({ text: "ADA" })).toEqual([6, 4, 3]);
    expect(await indices({ text: "ada_" })).toEqual([3]);
    expect(await indices({ text: "%" })).toEqual([]);
    expect(await indices({ stream: "users" })).toEqual([3]);
    expect(await indices({ stream: "unknown" })).toEqual([]);
    expect(await indices({ day: 20_000, before: 6 })).toEqual([4]);
    expect(await indices({ limit: 1 })).toEqual([6]);
    await store.close();
  });

  it("says which version of a record is the last", async () => {
    const { store, scope } = await open();
    const found = await store.read((tx) => searchRecords(tx, scope, { limit: 9, stream: "usage" }));
    expect(found.map(({ ver, isCurrent, day, organizationId }) => [ver, isCurrent, day, organizationId])).toEqual([
      [2, true, 20_000, "org"],
      [1, false, 20_000, "org"],
    ]);
    await store.close();
  });
});

function leafOf(index: number, t: LeafKind): Leaf {
  const id = String(index).padStart(32, "0");
  return { at: "2026-11-01T00:00:00.000Z", c: "0".repeat(64), id, prev: null, s: "app", t, v: 1, ver: 1 };
}

function version(nk: string, ver: number, leafIndex: number, day: number | null = null): NewVersion {
  const id = "0".repeat(32);
  const dataSha256 = "0".repeat(64);
  return { nk, day, id, ver, leafIndex, atMs: ver, state: "rec", dataSha256, conflicted: false };
}
