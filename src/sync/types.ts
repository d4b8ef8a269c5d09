import type { Clock, DayNumber, Log, Random } from "../domain/index.ts";
import type { SourceClient, Stream } from "../source/index.ts";
import type { ConnectionRow, Store } from "../store/index.ts";

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

/** The log's signing key, sealed elsewhere, and the file outside the database that keeps the last signed checkpoint. */
export interface CheckpointSigner {
  /** The log's name for ever; genesis and checkpoints carry it. */
  readonly origin: string;
  readonly vkeys: readonly string[];
  /** A signed note over this root. */
  sign(size: number, root: Buffer): string;
  /** Keeps the note in a file outside the database, durably, before anyone can see it. */
  keep(note: string): Promise<void>;
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
