import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { silentLog, type Scope, type Span } from "../../src/domain/index.ts";
import { exportLedger, readExport, type ReadExport } from "../../src/ledger/index.ts";
import { streams, type RecordDraft, type Stream } from "../../src/source/index.ts";
import type { Store, WriteTx } from "../../src/store/index.ts";
import {
  beginNewLog,
  ledgerSource,
  stateDigest,
  takeLease,
  type NewLog,
  type SyncEffects,
} from "../../src/sync/index.ts";
import { commitWindow, type CommitReport } from "../../src/sync/commit.ts";
import { seenRecords } from "../../src/sync/diff.ts";
import { ensureLog } from "../../src/sync/tenant-log.ts";
import { testRandom } from "./bursar.ts";
import { virtualClock, type VirtualClock } from "./clock.ts";
import { openTestStore, ORGANIZATION } from "./metrics-store.ts";
import { testSigner } from "./signer.ts";

export interface SmallRecord {
  readonly store: Store;
  readonly scope: Scope;
  readonly clock: VirtualClock;
  readonly signer: ReturnType<typeof testSigner>;
  readonly effects: SyncEffects;
  /** A folder that is gone with the test. */
  readonly folder: string;
  commit(stream: string, window: SmallWindow): Promise<CommitReport>;
  /** Ends the log; another one, which nobody has signed yet, goes on. */
  endLog(): Promise<NewLog>;
  digest(): Promise<string>;
  /** Writes the log down as a stranger gets it, and reads it again. */
  exported(): Promise<ReadExport>;
  /** What nobody but an insider does to the database. */
  tamper(change: (db: WriteTx["db"]) => Promise<unknown>): Promise<void>;
}

/** What one window of a stream came back with, in one page unless told. */
export interface SmallWindow {
  /** Null: a list. */
  readonly span: Span | null;
  readonly records: readonly RecordDraft[];
  readonly pages?: number;
  readonly incomplete?: string;
  /** Upstream's `Date`; by the test's clock unless told. */
  readonly date?: number | null;
}

/** A record that windows are put into by hand: a real SQLite file and a log that signs, without anybody upstream. */
export async function withSmallRecord(use: (record: SmallRecord) => Promise<void>): Promise<void> {
  const { store, scope, close } = await openTestStore("sqlite");
  const folder = await mkdtemp(join(tmpdir(), "bursar-small-"));
  const clock = virtualClock(Date.parse("2026-11-01T12:00:00Z"));
  const signer = testSigner();
  const effects: SyncEffects = { store, streams, clock, random: testRandom, log: silentLog, signer, holder: "test" };
  let exports = 0;
  try {
    await use({
      store,
      scope,
      clock,
      signer,
      effects,
      folder,
      commit: (stream, window) => commit(effects, scope, stream, window),
      endLog: () => {
        const predecessor = { checkpoint: signer.kept.at(-1) ?? "never signed", reason: "a test" };
        const next = { ...effects, signer: testSigner("ledger.example/next") };
        return store.write((tx) => beginNewLog(tx, next, scope, { ...predecessor, key: "new_key" }));
      },
      digest: () => stateDigest(store, scope, streams),
      exported: async () => {
        const dir = join(folder, `export-${(exports += 1)}`);
        await exportLedger(await ledgerSource(store, scope), dir);
        return readExport(dir);
      },
      tamper: (change) => store.write(async ({ db }) => void (await change(db))),
    });
  } finally {
    await close();
    await rm(folder, { recursive: true, force: true });
  }
}

export function streamNamed(name: string): Stream {
  return streams.find((stream) => stream.name === name)!;
}

async function commit(effects: SyncEffects, scope: Scope, name: string, window: SmallWindow): Promise<CommitReport> {
  const { store, random, clock } = effects;
  const { span, records, pages: count = 1, incomplete = null, date = clock.now() } = window;
  await ensureLog(effects, scope);
  const lease = await takeLease(store, scope, "test", clock, () => false);
  const facts = {
    path: "/v1/organizations/test",
    query: "",
    status: 200,
    requestId: null,
    organizationId: ORGANIZATION,
    date,
    bytes: 2,
    bodySha256: "00",
    rows: records.length,
    hasMore: false,
  };
  const pages = Array.from({ length: count }, (_, at) => ({ facts, records: at === 0 ? records : [] }));
  const fetched = {
    window: { stream: name, span },
    pages,
    incomplete,
    warnings: [],
    upstreamNow: clock.now(),
    refreshedAt: null,
  };
  const { token } = lease;
  const context = { store, scope, random, clock, lease: token, runId: "r1", organizationId: ORGANIZATION };
  try {
    return await commitWindow(context, streamNamed(name), { fetched, seen: seenRecords(pages) });
  } finally {
    await lease.release();
  }
}
