import { randomBytes } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { dayOfInstant, NAMED, silentLog, type Log, type Random, type Scope } from "../../src/domain/index.ts";
import { exportLedger, verifyExport } from "../../src/ledger/index.ts";
import { startEmulator, type Emulator, type EmulatorOptions } from "../../src/emulator/index.ts";
import { createClient, streams as catalog, type Stream, type Timeouts } from "../../src/source/index.ts";
import {
  ensureTenant,
  findConnection,
  insertConnection,
  type ConnectionRow,
  type Store,
} from "../../src/store/index.ts";
import {
  ledgerSource,
  publishCheckpoint,
  stateDigest,
  syncConnection,
  type RunReport,
  type SyncOptions,
} from "../../src/sync/index.ts";
import { virtualClock, type VirtualClock } from "./clock.ts";
import { sqlite, type Engine } from "./engines.ts";
import { onceARun } from "./once-a-run.ts";
import { testSigner } from "./signer.ts";

export const SMALL_WORLD = { seed: 7, people: 6, days: 12, end: "2026-10-31", scale: 1 };

export interface TestBursar {
  readonly store: Store;
  readonly scope: Scope;
  readonly clock: VirtualClock;
  readonly emulator: Emulator;
  readonly dir: string;
  readonly signer: ReturnType<typeof testSigner>;
  readonly events: { level: string; event: string; fields: Readonly<Record<string, unknown>> }[];
  connect(name?: string, key?: string, organizationId?: string): Promise<ConnectionRow>;
  sync(options?: TestSync): Promise<RunReport>;
  /** Exports the log and checks every byte of it; what is wrong, if anything. */
  ledgerFailures(): Promise<readonly unknown[]>;
  digest(): Promise<string>;
  /** Whatever was written and logged, to look for what must not be there. */
  everything(): Promise<string>;
}

export interface TestSync extends SyncOptions {
  readonly connection?: string;
  readonly key?: string;
  /** Another address than the emulator's. */
  readonly upstream?: string;
}

export interface TestBursarOptions {
  readonly world?: EmulatorOptions["world"];
  readonly emulator?: Omit<EmulatorOptions, "world">;
  /** SQLite unless told. */
  readonly engine?: Engine;
  readonly streams?: readonly Stream[];
  readonly clock?: VirtualClock;
  readonly timeouts?: Partial<Timeouts>;
  readonly mostPages?: number;
  /** A folder whose record it begins with. */
  readonly record?: string;
}

export const testRandom: Random = { bytes: (count) => randomBytes(count), fraction: () => 0.5 };

/** Beside a record: the checkpoint that its signer kept last. */
const LAST_KEPT = "checkpoint";

/** As `withBursar` on SQLite, with the small world read already: it is synced once a run, and copied. */
export async function withSyncedBursar<T>(use: (bursar: TestBursar) => Promise<T>): Promise<T> {
  const record = await onceARun("small-world", (folder) =>
    withBursar({}, async (bursar) => {
      await bursar.sync();
      await bursar.store.close();
      await cp(bursar.dir, folder, { recursive: true });
      await writeFile(join(folder, LAST_KEPT), bursar.signer.kept.at(-1) ?? "");
    }),
  );
  return withBursar(record === null ? {} : { record }, async (bursar) => {
    if (record === null) await bursar.sync();
    return use(bursar);
  });
}

/** A whole Bursar without its surfaces: a real database, a real emulator over HTTP, a clock that only we move. */
export async function withBursar<T>(options: TestBursarOptions, use: (bursar: TestBursar) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), "bursar-test-"));
  if (options.record !== undefined) await cp(options.record, dir, { recursive: true });
  const emulator = await startEmulator({ world: options.world ?? SMALL_WORLD, ...options.emulator });
  const streams = options.streams ?? catalog;
  const tables = streams.flatMap((stream) => stream.tables);
  const kept = await (options.engine ?? sqlite).keep(dir, tables);
  const { store } = kept;
  try {
    const tenant = await store.write((tx) => ensureTenant(tx, "default", 0));
    const scope: Scope = { tenantId: tenant.tenantId, tenant: "default", principal: "test", privacy: NAMED };
    const clock = options.clock ?? virtualClock(emulator.clock.now());
    const signer = testSigner();
    if (options.record !== undefined) await signer.keep(await readFile(join(dir, LAST_KEPT), "utf8"));
    const events: TestBursar["events"] = [];
    const log: Log = (level, event, fields = {}) => void events.push({ level, event, fields });
    const clientOf = (key: string, upstream: string): ReturnType<typeof createClient> =>
      createClient({
        upstream,
        openKey: () => key,
        fingerprint: "00000000",
        clock,
        random: testRandom,
        log,
        transport: { timeouts: options.timeouts ?? {} },
      });
    const bursar: TestBursar = {
      store,
      scope,
      clock,
      emulator,
      dir,
      signer,
      events,
      connect: async (name = "main", key, organizationId = emulator.world.directory.organization.id) => {
        const days = emulator.world.options.days;
        await store.write((tx) =>
          insertConnection(tx, scope, {
            name,
            kind: "admin",
            organizationId,
            organizationName: "Test",
            upstream: emulator.url,
            state: "active",
            fingerprint: "00000000",
            last4: key?.slice(-4) ?? null,
            backfillFrom: dayOfInstant(emulator.clock.now()) - days,
            capabilities: {},
            createdAt: clock.now(),
            rotatedAt: null,
            lastUsedAt: null,
          }),
        );
        return (await store.read((tx) => findConnection(tx, scope, name)))!;
      },
      sync: async ({ connection = "main", key = emulator.keys.admin, upstream = emulator.url, ...rest } = {}) => {
        const row =
          (await store.read((tx) => findConnection(tx, scope, connection))) ?? (await bursar.connect(connection, key));
        const client = clientOf(key, upstream);
        try {
          return await syncConnection(
            {
              store,
              streams,
              clock,
              random: testRandom,
              log: silentLog,
              signer,
              holder: "test",
              mostPages: options.mostPages ?? 10_000,
            },
            scope,
            { row, client },
            rest,
          );
        } finally {
          await client.close();
        }
      },
      ledgerFailures: async () => {
        await publishCheckpoint({ store, clock, signer }, scope);
        const out = join(dir, `export-${randomBytes(4).toString("hex")}`);
        await exportLedger(await ledgerSource(store, scope), out);
        const { ok, failures } = await verifyExport(out, { vkey: signer.vkeys });
        return ok ? [] : failures;
      },
      digest: () => stateDigest(store, scope, streams),
      everything: async () => `${await kept.everything()}\n${JSON.stringify(events)}`,
    };
    return await use(bursar);
  } finally {
    await store.close();
    await kept.remove();
    await emulator.close();
    await rm(dir, { recursive: true, force: true });
  }
}
