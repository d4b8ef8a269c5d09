import type { Json } from "../domain/index.ts";

/** What a sync over the API was asked to read. */
export interface SyncOrder {
  readonly what: "sync" | "backfill";
  readonly connection?: string | undefined;
  readonly streams?: readonly string[] | undefined;
  /** Of a back-fill: `YYYY-MM-DD` or `all`. */
  readonly from?: string | undefined;
}

/** One run of a tenant's sync, in a process of its own. */
export interface SyncRun {
  /** Of the process, not of the ledger: one may leave several run leaves. */
  readonly id: string;
  readonly tenant: string;
  readonly what: "sync" | "backfill";
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** As the program ends: 0 complete, 3 partial, 4 credential, 5 a fault; null while it runs. */
  readonly exit: number | null;
  /** Why it did not end complete, in a sentence, or null. */
  readonly problem: string | null;
  /** The latest picture: streams with their windows and rows. */
  readonly progress: Json;
}

export interface SyncEvent {
  readonly event: "started" | "progress" | "ended";
  readonly run: SyncRun;
}

/** The syncs that this server runs: one at a time for each tenant. */
export interface Syncs {
  /** Starts one, unless one of the tenant runs already: then that one is given. */
  start(tenant: string, order: SyncOrder): { readonly run: SyncRun; readonly isNew: boolean };
  /** The one that runs, or the last that ended since the server started. */
  latest(tenant: string): SyncRun | null;
  /** @returns ends it. */
  subscribe(tenant: string, listener: (event: SyncEvent) => void): () => void;
}
