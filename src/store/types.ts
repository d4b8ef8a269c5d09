import type { Kysely } from "kysely";

import type { DayNumber, Json, Row, Scope, Table } from "../domain/index.ts";

/**
 * The port: two engines, one schema, one set of queries. Integers come back as bigint, blobs as Buffer, on both.
 */
export interface Store {
  readonly engine: "sqlite" | "postgres";
  /** Tables whose description changed since their rows were built: `doctor --rebuild` mends them. */
  readonly staleTables: readonly string[];
  /** Where another thread can open the same database. */
  readonly place: StorePlace;
  /** A consistent snapshot for reading; may run beside a write. */
  read<T>(fn: (tx: Tx) => Promise<T>): Promise<T>;
  /** One writing transaction at a time in this process; all or nothing. */
  write<T>(fn: (tx: WriteTx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** As `openStore` takes it. */
export type StorePlace = { readonly dataDir: string } | { readonly databaseUrl: string };

/** Every query of a metric or a surface goes through `db` with explicit `tenant_id`; DDL never does. */
export interface Tx {
  // The catalog decides the tables at run time, so the schema is open here and narrowed where a query knows it.
  readonly db: Kysely<OpenSchema>;
  readonly engine: "sqlite" | "postgres";
}

export type OpenSchema = Record<string, Record<string, unknown>>;

export interface WriteTx extends Tx {
  readonly writing: true;
}

// ---------------------------------------------------------------- tenants, connections (store/tenants.ts, connections.ts)

export interface TenantRow {
  readonly tenantId: number;
  readonly name: string;
  readonly createdAt: number;
}

export interface ConnectionRow {
  readonly connectionId: number;
  readonly name: string;
  readonly kind: "admin" | "scoped" | "personal";
  readonly organizationId: string;
  readonly organizationName: string;
  readonly upstream: string;
  /** active · invalid (the key was refused) · disconnected (key destroyed, data kept). */
  readonly state: "active" | "invalid" | "disconnected";
  readonly fingerprint: string | null;
  readonly last4: string | null;
  /** First day to hold, days since the epoch; null: as far as each stream gives. */
  readonly backfillFrom: DayNumber | null;
  readonly capabilities: Json;
  readonly createdAt: number;
  readonly rotatedAt: number | null;
  readonly lastUsedAt: number | null;
}

// ---------------------------------------------------------------- records and ledger (store/records.ts, leaves.ts)

/** The last version of one record. */
export interface CurrentRecord {
  readonly nk: string;
  readonly day: DayNumber | null;
  /** 32 hex, random. */
  readonly id: string;
  readonly ver: number;
  readonly leafIndex: number;
  readonly state: "rec" | "gone";
  /** SHA-256 of the canonical `data`, hex. */
  readonly dataSha256: string;
  /** Two rows shared this key; `data` is the list of both and no row stands for it. */
  readonly conflicted: boolean;
}

export interface NewVersion extends CurrentRecord {
  readonly atMs: number;
}

export interface NewLeaf {
  readonly index: number;
  readonly leaf: Buffer;
  readonly leafHash: Buffer;
  readonly salt: Buffer;
  readonly payload: string;
}

/** A leaf as stored. Salt and payload are null when it was erased, by the `erase` leaf of index `erasedBy`. */
export interface StoredLeaf {
  readonly index: number;
  readonly leaf: Buffer;
  readonly leafHash: Buffer;
  readonly salt: Buffer | null;
  readonly payload: string | null;
  readonly erasedBy: number | null;
}

/** A signed checkpoint as published. */
export interface CheckpointRow {
  readonly size: number;
  readonly atMs: number;
  readonly note: string;
}

export const ANCHOR_KINDS = ["witness", "rfc3161", "ots", "copy"] as const;

/** `waiting`: handed to nobody yet, or in vain. `pending`: a calendar has it, and it is **not** anchored. */
export const ANCHOR_STATES = ["waiting", "pending", "cosigned", "stamped", "confirmed", "copied"] as const;

/** Where a checkpoint stands with one service outside. */
export interface AnchorRow {
  readonly origin: string;
  readonly size: number;
  readonly kind: (typeof ANCHOR_KINDS)[number];
  /** Which service of its kind: a witness's vkey, a host. */
  readonly target: string;
  readonly state: (typeof ANCHOR_STATES)[number];
  /** The frozen copy that was handed over. */
  readonly checkpoint: string;
  /** What the service gave, verbatim. */
  readonly proof: Buffer | null;
  /** What can be said of it without reading the proof, as JSON. */
  readonly facts: string;
  /** Since when it waits, or was pending, ms. */
  readonly sinceMs: number;
  readonly handedMs: number | null;
  /** In vain, in a row. */
  readonly tries: number;
  /** Not asked again before, ms. */
  readonly dueMs: number;
  readonly problemCode: string | null;
  readonly problem: string | null;
  /** The anchor leaf that records this very proof. */
  readonly leafIndex: number | null;
}

/** A signing key of the log after its first one. */
export interface LogKeyRow {
  /** 2 for the first change of keys. */
  readonly keyNo: number;
  readonly vkey: string;
  /** The `key` leaf that names it. */
  readonly leafIndex: number;
  /** Size of the checkpoint that it signed together with the key before it; null while that is still to come. */
  readonly handoverSize: number | null;
}

/** A log that came to an end; the tenant's present one names it as its predecessor. */
export interface ClosedLogRow {
  readonly logNo: number;
  readonly origin: string;
  readonly size: number;
  readonly closedMs: number;
  readonly reason: string;
  /** All keys it ever had, the oldest first. */
  readonly keys: readonly ClosedLogKey[];
}

export interface ClosedLogKey {
  readonly vkey: string;
  /** Null for the first key, and for one that came with no checkpoint of both. */
  readonly handover: Pick<LogKeyRow, "leafIndex" | "handoverSize"> | null;
}

/** Names one record of a stream and organization. */
export interface RecordRef {
  readonly day: DayNumber | null;
  readonly nk: string;
}

/** Where the log stands; `edge` are the hashes of the right edge, widest subtree first. */
export interface LogState {
  readonly size: number;
  readonly edge: readonly Buffer[];
  readonly lastAtMs: number;
  readonly origin: string;
}

/** A version with its payload, for projecting and rebuilding. */
export interface StoredVersion extends NewVersion {
  readonly stream: string;
  readonly organizationId: string;
  /** Canonical payload, null when erased. */
  readonly payload: string | null;
}

// ---------------------------------------------------------------- rows (store/facts.ts, rollups.ts, active-days.ts)

/** The rows of one record in one table, named by the values of the table's `recordKey`. A `Row` is one too. */
export interface RecordRows {
  readonly table: Table;
  readonly values: Row["values"];
}

/** Whose days count as active: on each day and for each actor, any of a rule's columns sums to more than 0. */
export interface ActiveDays {
  readonly table: Table;
  /** Dim column whose codes number the bits. */
  readonly actor: string;
  readonly rules: Readonly<Record<string, readonly string[]>>;
}

/** Actors active on one day by one rule: actor code i is bit `1 << (i & 7)` of byte `i >> 3`. */
export interface ActiveBits {
  readonly organizationId: string;
  readonly day: DayNumber;
  readonly rule: string;
  readonly bits: Buffer;
}

// ---------------------------------------------------------------- coverage (store/coverage.ts)

/** State of one (organization, stream, day); lists use day 0. */
export interface CoverageRow {
  readonly day: DayNumber;
  readonly state: "complete" | "partial";
  /** Upstream's clock when it was last read, ms. */
  readonly readAtMs: number;
  /** Restated after it had been settled, or after a first whole read: how many versions and gones that brought. */
  readonly revised: number;
  /** `data_refreshed_at` of analytics, ms. */
  readonly refreshedAtMs: number | null;
}

/** What the last run said about one stream of one organization. */
export interface StreamStateRow {
  readonly organizationId: string;
  readonly stream: string;
  readonly connectionId: number;
  readonly state: "ok" | "partial" | "refused" | "not_available" | "failed";
  readonly failureCode: string | null;
  readonly message: string | null;
  readonly hint: string | null;
  readonly requestId: string | null;
  readonly lastTriedMs: number;
  readonly lastSucceededMs: number | null;
}

/** One run of the sync; `status` shows the last. */
export interface RunRow {
  readonly runId: string;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly outcome: string;
  readonly report: Json;
}

/** What asking for a lease came to. */
export type LeaseAnswer =
  | { readonly acquired: true; readonly token: number; readonly untilMs: number }
  | { readonly acquired: false; readonly holder: string; readonly untilMs: number };

// ---------------------------------------------------------------- secrets (store/secrets.ts)

/** A sealed value. The vault alone can open it. */
export interface SecretRow {
  readonly purpose: string;
  readonly id: string;
  readonly version: number;
  readonly dekVersion: number;
  readonly blob: Buffer;
}

/** A tenant's data-encryption key, wrapped. */
export interface DekRow {
  readonly version: number;
  /** 16 bytes that name the key inside the blobs it sealed. */
  readonly keyId: Buffer;
  readonly wrapped: Buffer;
}

// ---------------------------------------------------------------- people (store/people.ts)

export interface PersonRow {
  /** Stable id within the tenant, `p_` and 12 hex. */
  readonly personId: string;
  readonly name: string;
  readonly emails: readonly string[];
  readonly team: string | null;
  readonly costCentre: string | null;
  readonly manager: string | null;
  readonly startsOn: DayNumber | null;
  readonly endsOn: DayNumber | null;
  /** In the loaded roster, and so in the `roster` denominator. */
  readonly inRoster: boolean;
  /**
   * Where the person was before: oldest first, each until a day, not held. The columns above hold from the last of
   * these days on; absent means always.
   */
  readonly earlier?: readonly EarlierPost[];
}

/** A person's place in the organization until a day, that day not held. */
export interface EarlierPost extends Pick<PersonRow, "team" | "costCentre" | "manager"> {
  readonly until: DayNumber;
}

/** An API-key actor's owner: a person, or a service by name. */
export interface ActorOwnerRow {
  /** `key:NAME` as Claude Code reports it, or `apikey_…`. */
  readonly actor: string;
  readonly kind: "person" | "service";
  readonly personId: string | null;
  readonly service: string | null;
}

// ---------------------------------------------------------------- erasure (store/erased-identifiers.ts)

export const IDENTIFIER_KINDS = ["email", "id", "name"] as const;

/** One text that named somebody who was erased. */
export interface ErasedIdentifier {
  /** Keyed hash of the text, hex. */
  readonly hash: string;
  readonly kind: (typeof IDENTIFIER_KINDS)[number];
  /** Of a name: how many words it has; else 0. */
  readonly words: number;
  /** Stands for the text since. */
  readonly pseudonym: string;
  /** `p_` and 12 hex: whose it was; the same for all of one person's. */
  readonly subject: string;
  readonly erasedMs: number;
}

// ---------------------------------------------------------------- views (store/views.ts)

/** What somebody keeps of a page: its filters, as its address spells them. */
export interface SavedViewRow {
  readonly viewId: string;
  /** Id of the caller who made it. */
  readonly owner: string;
  readonly ownerName: string;
  readonly name: string;
  readonly page: string;
  readonly query: string;
  /** Seen by everybody of the tenant; changed by its owner alone. */
  readonly shared: boolean;
  readonly createdMs: number;
  readonly updatedMs: number;
}

export type { DayNumber, Json, Row, Scope, Table };
