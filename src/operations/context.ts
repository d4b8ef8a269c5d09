import type { Caller, FactorSafe } from "../access/index.ts";
import type { Clock, Log, Random, Scope } from "../domain/index.ts";
import type { SourceClient, SourceWriter, Stream } from "../source/index.ts";
import type { ConnectionRow, ErasedIdentifier, Store, WriteTx } from "../store/index.ts";
import type { SyncEffects, SyncProgress } from "../sync/index.ts";

/** Everything that an operation may use, chosen by whoever starts it. */
export interface OperationContext {
  readonly scope: Scope;
  readonly caller: Caller;
  readonly store: Store;
  readonly streams: readonly Stream[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /**
   * What a sync or an audit leaf needs, the ledger's signer too; made at the first use. While the vault is locked its
   * signer fails with `vault.locked`, and what needs no signature goes on.
   *
   * @throws Failure `ledger.rolled_back` and its like, before anything is appended to a database that does not continue
   * what was signed last.
   */
  readonly effects: () => Promise<SyncEffects>;
  readonly keyring: Keyring;
  readonly vaultCare: VaultCare;
  /** The secrets of second factors: accounts are the installation's, whichever tenant is meant. */
  readonly factorSafe: FactorSafe;
  readonly suppression: Suppression;
  readonly dataFolder: DataFolderFiles;
  readonly upstream: UpstreamSetting;
  /** The same without that question: for looking at such a database, and for mending it. */
  readonly unguarded: SyncEffects;
  /** What checkpoints of the ledger may reach, as the operator has it. */
  readonly outside: Outside;
  /** Ends the work at its next whole step. */
  readonly signal: AbortSignal;
  readonly onSyncProgress?: (progress: SyncProgress) => void;
  /** Told how far a long piece of other work is, in a few words. */
  readonly onStep?: (step: string) => void;
  /** Through which door the question came, where it is not the usual one: what is confirmed at one is not at another. */
  readonly door?: "mcp";
  /** How a person was asked just now and said yes. Set by the surface that saw them do it, never from an input. */
  readonly personAnswered?: "terminal" | "elicitation";
}

export interface UpstreamSetting {
  readonly url: string;
  /** Named by the operator, and so stronger than what a connection was made with. */
  readonly isChosen: boolean;
}

/** The world that checkpoints leave for. */
export interface Outside {
  /** `host` or `host:port` in private networks, and of this machine, that may be asked. */
  readonly privateHosts: readonly string[];
  /** A folder that auditors read; null: none. */
  readonly copyFolder: string | null;
  /** Path of a sendmail program. */
  readonly sendmail: string;
  /** For `HTTPS_PROXY` and `NO_PROXY`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** For one request. */
  readonly timeoutMs: number;
}

/** The keys of connections: sealed when they come in, opened for a request, shown to nobody. */
export interface Keyring {
  /** Why keys can neither be sealed nor opened, or null. */
  readonly lockedBy: string | null;
  /** First eight hex digits of a keyed hash: tells keys apart, useless to call with. @throws Failure `vault.locked` */
  fingerprint(tx: WriteTx, scope: Scope, key: string): Promise<string>;
  /** Seals a key in the caller's transaction; an earlier one of the connection is overwritten. */
  put(tx: WriteTx, scope: Scope, connectionId: number, key: string): Promise<void>;
  /** Destroys the sealed key in the caller's transaction. */
  destroy(tx: WriteTx, scope: Scope, connectionId: number): Promise<void>;
  /** A client for a key that is not kept yet. */
  clientOf(key: string, upstream: string): Promise<OpenClient>;
  /**
   * A client with the sealed key of a connection.
   *
   * @throws Failure `vault.locked`, `vault.altered`
   */
  clientFor(connection: ConnectionRow, upstream: string): Promise<OpenClient>;
  /**
   * A writer with the sealed key of a connection; absent where writing is off, so that nothing can be changed at all.
   *
   * @throws Failure `vault.locked`, `vault.altered`
   */
  writerFor?(connection: ConnectionRow, upstream: string): Promise<OpenWriter>;
}

/** Who was erased, as keyed hashes, in the database and in a file beside it that a restore does not take back. */
export interface Suppression {
  /**
   * The key of the hashes; made at the first use.
   *
   * @throws Failure `vault.locked`, `vault.altered`
   */
  key(tx: WriteTx): Promise<Buffer>;
  /** What the file lists. */
  kept(): Promise<readonly ErasedIdentifier[]>;
  /** Makes the file list these; on return it would survive a power cut. */
  keep(identifiers: readonly ErasedIdentifier[]): Promise<void>;
}

/** What a backup takes along besides the database. */
export interface DataFolderFiles {
  /** Absolute. */
  readonly path: string;
  /** Of this program. */
  readonly version: string;
  /** The checkpoints kept outside the database, by tenant. */
  keptCheckpoints(): Promise<ReadonlyMap<string, string>>;
}

/** The keys above all sealed values: what the operator changes about them. */
export interface VaultCare {
  /** Where the key-encryption key is read from. */
  readonly kekFile: string;
  /** Seals every value of the tenant anew, in the caller's transaction. @throws Failure `vault.locked`, `vault.altered` */
  rotateDek(tx: WriteTx, scope: Scope): Promise<{ readonly values: number; readonly version: number | null }>;
  /**
   * Another key-encryption key, made when there is no such file.
   *
   * @throws Failure `input.invalid`, `vault.kek_file`
   */
  openNewKek(file: string): NewKek;
}

export interface NewKek {
  readonly file: string;
  readonly isMade: boolean;
  /** Wraps a tenant's data keys under it, in the caller's transaction; gives how many. */
  rewrap(tx: WriteTx, scope: Scope): Promise<number>;
  /** Puts it where the key is read from, unless a setting of the operator names that place: then false. */
  install(): boolean;
}

export interface OpenClient {
  readonly client: SourceClient;
  close(): Promise<void>;
}

export interface OpenWriter {
  readonly writer: SourceWriter;
  close(): Promise<void>;
}
