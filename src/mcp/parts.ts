import type { Permission } from "../access/index.ts";
import type { Log, Random } from "../domain/index.ts";
import type { LookTrail, OperationContext, Syncs } from "../operations/index.ts";
import type { KeptAnswers } from "./kept-answers.ts";
import type { Shelf } from "./shelf.ts";

/** What the MCP server is made of, chosen by whoever starts it. */
export interface McpParts {
  readonly version: string;
  /** Whether tools that change something at Anthropic are there at all. */
  readonly writes: boolean;
  readonly transport: "stdio" | "http";
  readonly random: Random;
  readonly log: Log;
  /** Where people reach the dashboard. */
  readonly origin: string;
  /** The catalogs unless told. */
  readonly shelf?: Shelf;
}

/** Whoever is connected: the operator on stdio, whoever signed a request over HTTP. */
export interface McpSession {
  /** Null: everything, as whoever runs the program may read the database. */
  readonly permissions: ReadonlySet<Permission> | null;
  /** What they may use; looked for when it is needed. @throws Failure `store.no_connection` where there is no record */
  open(): Promise<OpenedSession>;
}

export interface OpenedSession {
  readonly context: OperationContext;
  /** Of this server, whoever asks. */
  readonly kept: KeptAnswers;
  /** Looks at individuals of this server, so that looks of one caller at the same are one. */
  readonly looks: LookTrail;
  /** The syncs that this server runs. */
  readonly syncs: Syncs;
}
