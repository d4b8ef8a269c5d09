import type { Clock, DayNumber, Log, Random } from "../domain/index.ts";
import type { Checkpoint } from "../ledger/index.ts";
import type { SourceClient, Stream } from "../source/index.ts";
import type { ConnectionRow, Store, Tx, WriteTx } from "../store/index.ts";

/** Everything a sync does to the world, as an argument. */
export interface SyncEffects {
  readonly store: Store;
  readonly streams: readonly Stream[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly signer: CheckpointSigner;
  /** Pages of one window's chain at most before it counts as endless. */
  readonly mostPages?: number;
  /** Who holds the lease: host, process and what it is (`serve`, `sync`). */
  readonly holder: string;
  /** Whether a holder of the lease, as written by us, is known to be dead. Absent: only time tells. */
  readonly holderIsGone?: (holder: string) => boolean;
}

/** The log's signing keys, sealed elsewhere, and the place outside the database that keeps the last signed checkpoint. */
export interface CheckpointSigner {
  /**
   * Gives a log that begins its name and its first key, sealed in the transaction. The name is the log's for ever;
   * genesis and checkpoints carry it.
   *
   * @param after of a log that goes on from one that ended: with the key of that one, or with a new one. Its keys are
   * destroyed. Absent: the tenant's first log.
   */
  begin(tx: WriteTx, after?: "kept_key" | "new_key"): Promise<{ readonly origin: string; readonly vkeys: [string] }>;
  /** Makes and seals another key of this log. */
  addKey(tx: WriteTx, keyNo: number): Promise<{ readonly vkey: string }>;
  /** Destroys a key that signs no more. */
  retireKey(tx: WriteTx, keyNo: number): Promise<void>;
  /**
   * A signed note by these keys of the log.
   *
   * @throws Failure `vault.locked`; `ledger.key_lost` when one is gone or is another than the log has named
   */
  sign(tx: Tx, checkpoint: Checkpoint, keys: readonly LogKey[]): Promise<string>;
  /** @throws Failure `vault.locked`, `ledger.key_lost`: what `sign` would throw. */
  checkKeys(tx: Tx, keys: readonly LogKey[]): Promise<void>;
  /** Keeps the note outside the database, durably, before anyone can see it. */
  keep(note: string): Promise<void>;
  /** The note that was kept last, or null when there is none. */
  lastKept(): Promise<string | null>;
}

/** One of the log's keys: the first has number 1. */
export interface LogKey {
  readonly keyNo: number;
  readonly vkey: string;
}

export interface SyncOptions {
  /** Back-fill from this day; `all`: as far as each stream gives; absent: what the connection was set to. */
  readonly from?: DayNumber | "all";
  /** Only these streams; absent: all. */
  readonly streams?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SyncProgress) => void;
}

/** A whole picture each time, so that a display keeps nothing. */
export interface SyncProgress {
  readonly connection: string;
  readonly startedAtMs: number;
  readonly nowMs: number;
  readonly streams: readonly StreamProgress[];
  readonly windowsDone: number;
  readonly windowsTotal: number;
  readonly rows: number;
  readonly requestsInFlight: number;
  /** Until when the pace holds requests back, ms, or null. */
  readonly pausedUntilMs: number | null;
  /** By the rate so far, or null while that says nothing. */
  readonly msLeft: number | null;
}

export interface StreamProgress {
  readonly stream: string;
  readonly title: string;
  readonly state: "waiting" | "running" | "done" | "partial" | "refused" | "not_available" | "failed";
  readonly windowsDone: number;
  readonly windowsTotal: number;
  readonly rows: number;
}

export interface StreamReport {
  readonly stream: string;
  readonly state: "ok" | "partial" | "refused" | "not_available" | "failed";
  readonly windows: number;
  readonly windowsIncomplete: number;
  readonly pages: number;
  readonly rows: number;
  readonly new: number;
  readonly changed: number;
  readonly gone: number;
  readonly conflicted: number;
  readonly failure: {
    readonly code: string;
    readonly message: string;
    readonly hint: string;
    readonly requestId: string | null;
  } | null;
  /** Spans that the fault left uncovered, inclusive days as text. */
  readonly notCovered: readonly string[];
  readonly warnings: readonly string[];
}

export interface RunReport {
  readonly runId: string;
  readonly connection: string;
  readonly organizationId: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** credential: the key was refused; cancelled: stopped on request after whole windows. */
  readonly outcome: "complete" | "partial" | "credential" | "cancelled";
  readonly streams: readonly StreamReport[];
  readonly warnings: readonly string[];
  /** Signed at the end, or null when nothing was appended. */
  readonly checkpointSize: number | null;
}

/** A connection ready to be read: its row and a client that holds its key. */
export interface OpenConnection {
  readonly row: ConnectionRow;
  readonly client: SourceClient;
}
