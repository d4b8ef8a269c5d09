import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { expect, it } from "vitest";

import { collected, onEveryEngine, tenantScope, type TestEngine } from "../../test/support/stores.ts";
import { Edge, leafHash, rootOf } from "../ledger/index.ts";
import {
  appendLeaves,
  appendVersions,
  conflictedRecords,
  createLog,
  currentByKeys,
  currentRecords,
  latestCheckpoint,
  leafHashes,
  logState,
  putCheckpoint,
  readLeaves,
  storedVersions,
  subtreeHash,
  tileHashes,
  versionsOf,
  type NewLeaf,
  type NewVersion,
  type Scope,
  type Store,
  type VersionQuery,
} from "./index.ts";

const DAY = 20_000;
const STREAM = "usage_by_key";

async function open(engine: TestEngine) {
  const store = await (await engine.database()).open({ tables: [] });
  const scope = await tenantScope(store);
  await store.write((tx) => createLog(tx, scope, { origin: "ledger.example/test" }));
  return { store, scope };
}

function version(nk: string, ver: number, changes: Partial<NewVersion> = {}): NewVersion {
  const dataSha256 = createHash("sha256").update(`${nk} ${ver}`).digest("hex");
  const place = { nk, day: DAY, id: "0".repeat(32), ver, leafIndex: 0, atMs: ver * 1000 };
  return { ...place, state: "rec", dataSha256, conflicted: false, ...changes };
}

function leaf(index: number): NewLeaf {
  const bytes = Buffer.from(`leaf ${index}`);
  return { index, leaf: bytes, leafHash: leafHash(bytes), salt: Buffer.alloc(32, index), payload: `{"n":${index}}` };
}

/** Appends leaves `from` to `to` as the sync does. */
async function grow(store: Store, scope: Scope, to: number, lastAtMs = to) {
  await store.write(async (tx) => {
    const state = (await logState(tx, scope))!;
    const leaves = Array.from({ length: to - state.size }, (_, at) => leaf(state.size + at));
    await appendLeaves(tx, scope, leaves, lastAtMs);
  });
}

const versionsIn = (store: Store, scope: Scope, query: Omit<VersionQuery, "stream">) =>
  store.read(async (tx) => {
    const found = await collected(storedVersions(tx, scope, { stream: STREAM, ...query }));
    return found.map((one) => `${one.organizationId} ${one.day} ${one.nk} v${one.ver} ${one.payload}`).sort();
  });

onEveryEngine((engine) => {
  it("gives the last version of each record of the days asked for", async () => {
    const { store, scope } = await open(engine);
    await store.write(async (tx) => {
      await appendVersions(tx, scope, STREAM, "org", [
        version("a", 1),
        version("a", 2, { conflicted: true, leafIndex: 7 }),
        version("b", 1),
        version("b", 2, { state: "gone" }),
        version("c", 1, { day: DAY + 1 }),
      ]);
      await appendVersions(tx, scope, STREAM, "other", [version("a", 1)]);
      await appendVersions(tx, scope, "cost_report", "org", [version("a", 1)]);
    });
    const current = await store.read((tx) => currentRecords(tx, scope, STREAM, "org", [DAY, DAY + 9]));
    expect([...current.keys()].sort()).toEqual(["a", "b"]);
    const { atMs: _, ...expected } = version("a", 2, { conflicted: true, leafIndex: 7 });
    expect(current.get("a")).toEqual(expected);
    expect(current.get("b")?.state).toBe("gone");
    expect((await store.read((tx) => currentRecords(tx, scope, STREAM, "org", null))).size).toBe(3);
    expect((await store.read((tx) => currentRecords(tx, scope, STREAM, "org", []))).size).toBe(0);
    expect((await store.read((tx) => currentRecords(tx, scope, STREAM, "nobody", null))).size).toBe(0);
    expect((await store.read((tx) => currentRecords(tx, scope, "users", "org", null))).size).toBe(0);
  });

  it("gives the last version of just the records asked for", async () => {
    const { store, scope } = await open(engine);
    const list = version("list", 1, { day: null });
    await store.write((tx) => appendVersions(tx, scope, STREAM, "org", [version("a", 1), version("a", 2), list]));
    const asked = [
      { nk: "a", day: DAY },
      { nk: "a", day: DAY + 1 },
      { nk: "list", day: null },
      { nk: "none", day: DAY },
    ];
    const found = await store.read((tx) => currentByKeys(tx, scope, STREAM, "org", asked));
    expect([...found].map(([nk, record]) => [nk, record.ver, record.day])).toEqual([
      ["a", 2, DAY],
      ["list", 1, null],
    ]);
  });

  it("keeps a natural key of any length", async () => {
    const { store, scope } = await open(engine);
    const keys = ["k".repeat(1_000_000), `${"k".repeat(1_000_000)}!`];
    await store.write((tx) =>
      appendVersions(
        tx,
        scope,
        STREAM,
        "org",
        keys.map((nk) => version(nk, 1)),
      ),
    );
    const found = await store.read((tx) => currentRecords(tx, scope, STREAM, "org", [DAY]));
    expect([...found.keys()].sort()).toEqual(keys);
  });

  it("refuses a version that a record has already", async () => {
    const { store, scope } = await open(engine);
    await store.write((tx) => appendVersions(tx, scope, STREAM, "org", [version("a", 1)]));
    await expect(store.write((tx) => appendVersions(tx, scope, STREAM, "org", [version("a", 1)]))).rejects.toThrow();
  });

  it("gives versions with their payloads: all, the last, as of an instant, of a span", async () => {
    const { store, scope } = await open(engine);
    await grow(store, scope, 6);
    await store.write(async (tx) => {
      await appendVersions(tx, scope, STREAM, "org", [
        version("a", 1, { leafIndex: 0 }),
        version("a", 2, { leafIndex: 1 }),
        version("a", 3, { leafIndex: 2, conflicted: true }),
        version("b", 1, { leafIndex: 3, day: DAY + 1 }),
      ]);
      await appendVersions(tx, scope, STREAM, "other", [version("a", 1, { leafIndex: 4 })]);
    });
    const a1 = `org ${DAY} a v1 {"n":0}`;
    const a2 = `org ${DAY} a v2 {"n":1}`;
    const a3 = `org ${DAY} a v3 {"n":2}`;
    const b1 = `org ${DAY + 1} b v1 {"n":3}`;
    const other = `other ${DAY} a v1 {"n":4}`;
    expect(await versionsIn(store, scope, { currentOnly: false })).toEqual([a1, a2, a3, b1, other]);
    expect(await versionsIn(store, scope, { currentOnly: true })).toEqual([a3, b1, other]);
    expect(await versionsIn(store, scope, { currentOnly: true, organizationId: "org" })).toEqual([a3, b1]);
    expect(await versionsIn(store, scope, { currentOnly: true, organizationId: "none" })).toEqual([]);
    expect(await versionsIn(store, scope, { currentOnly: true, asOfMs: 3000 })).toEqual([a2, b1, other]);
    expect(await versionsIn(store, scope, { currentOnly: true, asOfMs: 1000 })).toEqual([]);
    expect(await versionsIn(store, scope, { currentOnly: false, from: DAY + 1, to: DAY + 2 })).toEqual([b1]);
    expect(await versionsIn(store, scope, { currentOnly: true, to: DAY + 1 })).toEqual([a3, other]);
    const conflicts = (span: { from: number; to: number }) =>
      store.read(async (tx) =>
        (await conflictedRecords(tx, scope, { stream: STREAM, ...span })).map(({ nk, ver, payload }) => [
          nk,
          ver,
          payload,
        ]),
      );
    expect(await conflicts({ from: DAY, to: DAY + 2 })).toEqual([["a", 3, '{"n":2}']]);
    expect(await conflicts({ from: DAY + 1, to: DAY + 2 })).toEqual([]);
    // After one more its last version is a plain one again.
    await store.write((tx) => appendVersions(tx, scope, STREAM, "org", [version("a", 4, { leafIndex: 5 })]));
    expect(await conflicts({ from: DAY, to: DAY + 2 })).toEqual([]);
    const history = await store.read((tx) => versionsOf(tx, scope, STREAM, "org", { nk: "a", day: DAY }));
    expect(history.map(({ ver, atMs, payload }) => [ver, atMs, payload])).toEqual([
      [1, 1000, '{"n":0}'],
      [2, 2000, '{"n":1}'],
      [3, 3000, '{"n":2}'],
      [4, 4000, '{"n":5}'],
    ]);
  });

  it("keeps a log that goes on where it ended", async () => {
    const { store, scope } = await open(engine);
    expect(await store.read((tx) => logState(tx, scope))).toMatchObject({ size: 0, edge: [] });
    await grow(store, scope, 5, 50);
    await grow(store, scope, 11, 110);
    const state = await store.read((tx) => logState(tx, scope));
    expect(state).toMatchObject({ origin: "ledger.example/test", size: 11, lastAtMs: 110 });
    const [, second, third] = await store.read((tx) => readLeaves(tx, scope, 4, 7));
    expect(second).toEqual({ ...leaf(5), erasedBy: null });
    expect(third?.index).toBe(6);
    const hashes = await store.read((tx) => leafHashes(tx, scope, 0, 99));
    expect(hashes).toEqual(Array.from({ length: 11 }, (_, n) => leaf(n).leafHash));
    expect(new Edge(11, state!.edge).root()).toEqual(rootOf(hashes));
  });

  it("has no log before one is begun", async () => {
    const store = await (await engine.database()).open({ tables: [] });
    const scope = await tenantScope(store);
    expect(await store.read((tx) => logState(tx, scope))).toBeNull();
  });

  it("refuses leaves that do not continue the log, and tells the state that the others lead to", async () => {
    const { store, scope } = await open(engine);
    await grow(store, scope, 3);
    const append = (...leaves: NewLeaf[]) => store.write((tx) => appendLeaves(tx, scope, leaves, 7));
    await expect(append(leaf(4))).rejects.toThrow("does not follow");
    await expect(append(leaf(3), leaf(5))).rejects.toThrow("does not follow");
    expect((await store.read((tx) => logState(tx, scope)))?.size).toBe(3);
    const state = await append(leaf(3), leaf(4));
    const edge = new Edge();
    for (let n = 0; n < 5; n++) edge.append(leaf(n).leafHash);
    expect(state).toEqual({ origin: "ledger.example/test", size: 5, edge: edge.hashes, lastAtMs: 7 });
    expect(await store.read((tx) => logState(tx, scope))).toEqual(state);
  });

  it("lets two processes append one after the other", async () => {
    const database = await engine.database();
    const first = await database.open({ tables: [] });
    const second = await database.open({ tables: [] });
    const scope = await tenantScope(first);
    const append = (store: Store) =>
      store.write(async (tx) => {
        const state = (await logState(tx, scope)) ?? (await createLog(tx, scope, { origin: "ledger.example/test" }));
        await sleep(20);
        await appendLeaves(tx, scope, [leaf(state.size)], 1);
      });
    await Promise.all([first, second, first, second].map(append));
    expect((await first.read((tx) => logState(tx, scope)))?.size).toBe(4);
  });

  it("keeps the hash of each full tile, whether it was filled at once or leaf by leaf", async () => {
    const { store, scope } = await open(engine);
    for (const size of [1, 255, 256, 257, 1000, 1024]) await grow(store, scope, size);
    const expected = [0, 1, 2, 3].map((n) =>
      rootOf(Array.from({ length: 256 }, (_, at) => leaf(n * 256 + at).leafHash)),
    );
    expect(await store.read((tx) => tileHashes(tx, scope, 1, 0, 99))).toEqual(expected);
    expect(await store.read((tx) => tileHashes(tx, scope, 0, 5, 6))).toEqual([leaf(5).leafHash]);
    expect(await store.read((tx) => tileHashes(tx, scope, 2, 0, 9))).toEqual([]);
  });

  it("gives the root of every complete subtree of the log", async () => {
    const { store, scope } = await open(engine);
    await grow(store, scope, 700);
    const hashes = Array.from({ length: 700 }, (_, n) => leaf(n).leafHash);
    await store.read(async (tx) => {
      for (const subtree of [
        { level: 7, index: 4 },
        { level: 5, index: 20 },
        { level: 2, index: 174 },
        { level: 3, index: 85 },
        { level: 9, index: 0 },
        { level: 0, index: 699 },
      ]) {
        const width = 2 ** subtree.level;
        const from = subtree.index * width;
        expect(await subtreeHash(tx, scope, subtree)).toEqual(rootOf(hashes.slice(from, from + width)));
      }
      await expect(subtreeHash(tx, scope, { level: 9, index: 1 })).rejects.toThrow("does not hold");
    });
  });

  it("keeps checkpoints by size; the same size again takes the place of the first", async () => {
    const { store, scope } = await open(engine);
    expect(await store.read((tx) => latestCheckpoint(tx, scope))).toBeNull();
    await store.write(async (tx) => {
      await putCheckpoint(tx, scope, { size: 10, atMs: 1, note: "ten" });
      await putCheckpoint(tx, scope, { size: 2, atMs: 2, note: "two" });
      await putCheckpoint(tx, scope, { size: 10, atMs: 3, note: "ten, cosigned" });
    });
    expect(await store.read((tx) => latestCheckpoint(tx, scope))).toEqual({ size: 10, atMs: 3, note: "ten, cosigned" });
  });

  it("keeps the records and logs of two tenants apart", async () => {
    const { store, scope } = await open(engine);
    const other = await tenantScope(store, "other");
    await store.write((tx) => createLog(tx, other, { origin: "ledger.example/other" }));
    await grow(store, scope, 2);
    await grow(store, other, 1);
    await store.write((tx) => appendVersions(tx, scope, STREAM, "org", [version("a", 1)]));
    expect((await store.read((tx) => logState(tx, other)))?.size).toBe(1);
    expect((await store.read((tx) => currentRecords(tx, other, STREAM, "org", null))).size).toBe(0);
    expect(await store.read((tx) => readLeaves(tx, other, 0, 9))).toHaveLength(1);
    await expect(store.write((tx) => createLog(tx, other, { origin: "x" }))).rejects.toThrow();
  });
});
