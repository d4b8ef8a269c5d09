import type { OperationContext } from "../operations/index.ts";
import type { Io } from "./io.ts";
import type { Options } from "./options.ts";

/** One command as it is parsed and helped with; a group has `subcommands` in place of `run`. */
export interface Command {
  /** As commander writes them: `<metric>` needed, `[dir]` optional, `<fault...>` many. */
  readonly args?: readonly Described[];
  /** `["--from <day>", "first day, inclusive"]`; a name that ends in `...` may be repeated. */
  readonly options?: readonly Described[];
  /** What stands under the options in `--help`. */
  readonly examples: readonly string[];
  readonly subcommands?: Readonly<Record<string, Command & { readonly summary: string }>>;
  /** @returns the exit code; nothing means 0. */
  run?(call: Call): Promise<number | void>;
}

export type Described = readonly [syntax: string, says: string];

/** One call of a command. */
export interface Call {
  readonly world: World;
  readonly io: Io;
  /** Of the root: where the data are, which tenant, how to print. */
  readonly globals: Globals;
  readonly options: Options;
  readonly args: readonly string[];
  /** Ends on SIGINT and SIGTERM: the work under way stops at the next whole step. */
  readonly signal: AbortSignal;
}

export interface Globals {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly tenant?: string;
  /** Values of settings given as flags, by the setting's name. */
  readonly settings: Readonly<Partial<Record<SettingFlag, string>>>;
  /** Where the data are and whom to ask comes from `settings` alone: the demo never meets real data. */
  readonly isolated?: boolean;
}

export type SettingFlag = "data" | "databaseUrl" | "kekFile" | "upstream" | "listen" | "config";

/** What the composition root gives to the commands. */
export interface World {
  readonly io: Io;
  readonly version: string;
  /** Where the settings say that the data are, whether or not there are any. */
  dataPlace(globals: Globals): DataPlace;
  /** @throws Failure `store.no_connection` when there is no record and this mode does not make one. */
  open(globals: Globals, mode: OpenMode): Promise<Session>;
  /** Keeps syncing and answers health questions until the signal. */
  serve(globals: Globals, options: ServeOptions): Promise<void>;
  /** Watches other people's logs until the signal; needs no record. */
  witness(globals: Globals, options: WitnessServeOptions): Promise<void>;
  /** Answers an MCP client over stdin and stdout until it closes its end, or the signal. */
  mcp(globals: Globals, signal: AbortSignal): Promise<void>;
}

export interface DataPlace {
  /** Folder of the data, absolute. */
  readonly dataDir: string;
  /** False: the record is kept in PostgreSQL. */
  readonly isEmbedded: boolean;
}

/**
 * `read` writes nothing: not the schema, not a tenant, not a key. `change` writes into a record that is there; `write`
 * also makes folder, database, key-encryption key and tenant where there are none.
 */
export type OpenMode = "read" | "change" | "write";

export interface Session {
  readonly context: OperationContext;
  /** Folder of the data, absolute. */
  readonly dataDir: string;
  /** Where people reach the server that these settings start. */
  readonly origin: string;
  close(): Promise<void>;
}

export interface WitnessServeOptions {
  /** The witness's own folder, absolute. */
  readonly dir: string;
  /** Of a new witness. */
  readonly name: string | undefined;
  /** vkeys of logs to watch from now on. */
  readonly logs: readonly string[];
  readonly signal: AbortSignal;
  readonly onListening: (told: ListeningWitness) => void;
}

export interface ListeningWitness {
  readonly url: string;
  readonly name: string;
  readonly vkey: string;
  readonly watched: readonly { readonly origin: string; readonly size: number }[];
}

export interface ServeOptions {
  readonly everyMs: number;
  readonly signal: AbortSignal;
  /** Where it listens, once it does. */
  readonly onListening: (url: string) => void;
  /** When the wanted port is taken, take any. */
  readonly anyPort?: boolean;
}
