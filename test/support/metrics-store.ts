/** Builds stores for the tests of this room from upstream records, through the streams' own projections. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { DAY_MS, NAMED, windowJson } from "../../src/domain/index.ts";
import type { DayNumber, Json, JsonObject, Row, Scope, Table, WindowFacts } from "../../src/domain/index.ts";
import { canonicalJson, commitment, leafBytes, leafHash, sha256Hex } from "../../src/ledger/index.ts";
import type { LeafKind } from "../../src/ledger/index.ts";
import { forgetPasts } from "../../src/metrics/index.ts";
import { claudeCodeActiveDays, streams } from "../../src/source/index.ts";
import {
  appendLeaves,
  appendVersions,
  createLog,
  ensureTenant,
  logState,
  openStore,
  refreshActiveDays,
  refreshRollups,
  replaceRecordRows,
  setCoverage,
} from "../../src/store/index.ts";
import type { NewLeaf, Store, WriteTx } from "../../src/store/index.ts";
import { newSchema } from "./stores.ts";

export const ORGANIZATION = "4f0c1d2e-3a4b-4c5d-8e6f-7a8b9c0d1e2f";

export interface TestStore {
  readonly store: Store;
  readonly scope: Scope;
  close(): Promise<void>;
}

export type EngineName = "sqlite" | "postgres";

const SERVER = process.env["BURSAR_TEST_POSTGRES"];

/** A PostgreSQL server too, when `BURSAR_TEST_POSTGRES` has the URL of a throw-away one. */
export const engines: readonly EngineName[] = ["sqlite", ...(SERVER ? (["postgres"] as const) : [])];

export async function openTestStore(engine: EngineName): Promise<TestStore> {
  const opened = await openOn(engine);
  return {
    ...opened,
    async close() {
      // They outlive a store, as a page's next question opens it anew.
      await forgetPasts(opened.store);
      await opened.close();
    },
  };
}

async function openOn(engine: EngineName): Promise<TestStore> {
  const tables = streams.flatMap((stream) => stream.tables);
  if (engine === "postgres") return openOnServer(SERVER!, tables);
  const folder = mkdtempSync(join(tmpdir(), "bursar-metrics-"));
  const store = await openStore({ dataDir: folder, tables });
  return {
    store,
    scope: await scopeOf(store),
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openOnServer(server: string, tables: readonly Table[]): Promise<TestStore> {
  const { url, drop } = await newSchema(server);
  const store = await openStore({ databaseUrl: url, tables });
  return {
    store,
    scope: await scopeOf(store),
    close: async () => {
      await store.close();
      await drop();
    },
  };
}

async function scopeOf(store: Store): Promise<Scope> {
  const { tenantId } = await store.write((tx) => ensureTenant(tx, "default", 0));
  return { tenantId, tenant: "default", principal: "test", privacy: NAMED };
}

export interface TestRecord {
  readonly day: DayNumber | null;
  readonly key: readonly Json[];
  readonly data: JsonObject;
}

/** Puts records of one stream into the store as a commit does: rows, roll-ups, active days. */
export async function keepRecords(
  { store, scope }: TestStore,
  streamName: string,
  records: readonly TestRecord[],
  organizationId = ORGANIZATION,
  unreadable: "refused" | "kept" = "refused",
): Promise<void> {
  const stream = streams.find((one) => one.name === streamName)!;
  const inserts: Row[] = records.flatMap((record) =>
    stream.rows({ organizationId, ...record }, (path, what) => {
      if (unreadable === "refused") throw new Error(`${streamName} ${path}: ${what}`);
    }),
  );
  const days = new Set(records.map((record) => record.day).filter((day) => day !== null));
  await store.write(async (tx) => {
    await replaceRecordRows(tx, scope, { deletes: [], inserts });
    for (const table of stream.tables) await refreshRollups(tx, scope, table, organizationId, days);
    if (stream.tables.includes(claudeCodeActiveDays.table)) {
      await refreshActiveDays(tx, scope, claudeCodeActiveDays, organizationId, days);
    }
  });
}

/** Says that these days were read to their end, so many days later. */
export async function cover(
  { store, scope }: TestStore,
  stream: string,
  from: DayNumber,
  to: DayNumber,
  readAfterDays = 40,
  organizationId = ORGANIZATION,
): Promise<void> {
  const days = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const rows = days.map((day) => ({
    day,
    state: "complete" as const,
    readAtMs: (day + 1 + readAfterDays) * DAY_MS,
    revised: 0,
    refreshedAtMs: null,
  }));
  await store.write((tx) => setCoverage(tx, scope, organizationId, stream, rows));
}

export interface TestVersion extends Omit<TestRecord, "data"> {
  /** A list when the record is conflicted: all its objects. */
  readonly data: JsonObject | readonly JsonObject[];
  readonly atMs: number;
  readonly ver: number;
  readonly state: "rec" | "gone";
}

/** Keeps versions of records as the ledger does, so that a past day can be projected from them. */
export async function keepVersions(
  { store, scope }: TestStore,
  stream: string,
  versions: readonly TestVersion[],
): Promise<void> {
  await store.write(async (tx) => {
    const told = versions.map(({ key, data, atMs, state: t }) => {
      const payload = canonicalJson({ data: Array.isArray(data) ? [...data] : data, key: [...key], obs: 0 });
      return { t, s: stream, atMs, payload };
    });
    const leaves = await keepLeaves(tx, scope, told);
    const kept = versions.map(({ day, key, atMs, ver, state: kind, data }, index) => ({
      nk: canonicalJson([...key]),
      day,
      id: sha256Hex(canonicalJson([...key])).slice(0, 32),
      ver,
      leafIndex: leaves[index]!.index,
      state: kind,
      dataSha256: sha256Hex(leaves[index]!.payload),
      conflicted: Array.isArray(data),
      atMs,
    }));
    await appendVersions(tx, scope, stream, ORGANIZATION, kept);
  });
}

/** Keeps what a window's last page tells of it, as a commit does; coverage itself is left as it is. */
export async function keepReading(
  { store, scope }: TestStore,
  stream: string,
  { atMs, ...window }: Pick<WindowFacts, "span" | "complete"> & { readonly atMs: number },
): Promise<void> {
  const told = windowJson({ ...window, organizationId: ORGANIZATION, beganAtMs: atMs, refreshedAtMs: null });
  const payload = canonicalJson({ body_sha256: "0".repeat(64), window: told });
  await store.write((tx) => keepLeaves(tx, scope, [{ t: "fetch", s: stream, atMs, payload }]));
}

/** Keeps the trace that an organization was purged; what it takes away is for the test to leave out. */
export async function keepPurge({ store, scope }: TestStore, atMs: number): Promise<void> {
  const payload = canonicalJson({ event: "organization.purged", organization_id: ORGANIZATION });
  await store.write((tx) => keepLeaves(tx, scope, [{ t: "audit", s: "app", atMs, payload }]));
}

async function keepLeaves(
  tx: WriteTx,
  scope: Scope,
  told: readonly { t: LeafKind; s: string; atMs: number; payload: string }[],
): Promise<NewLeaf[]> {
  const state = (await logState(tx, scope)) ?? (await createLog(tx, scope, { origin: "bursar.test/metrics" }));
  const salt = Buffer.alloc(32);
  const leaves = told.map(({ t, s, atMs, payload }, at): NewLeaf => {
    const index = state.size + at;
    const id = sha256Hex(`thing ${index}`).slice(0, 32);
    const c = commitment(salt, payload);
    const leaf = leafBytes({ at: new Date(atMs).toISOString(), c, id, prev: null, s, t, v: 1, ver: 1 });
    return { index, leaf, leafHash: leafHash(leaf), salt, payload };
  });
  await appendLeaves(tx, scope, leaves, told.at(-1)!.atMs);
  return leaves;
}
