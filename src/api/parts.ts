import type { Clock, Log, Random } from "../domain/index.ts";
import type { LedgerTroubleView, OperationContext, Syncs } from "../operations/index.ts";
import type { Store, TenantRow } from "../store/index.ts";
import type { Auth } from "./authenticate.ts";
import type { Mount } from "./mount.ts";
import type { ServerSettings } from "./server-settings.ts";

/** What the server is made of, chosen by whoever starts it. */
export interface ApiParts {
  readonly store: Store;
  /** What operations of a tenant may use; scope and caller are put in for each request. */
  readonly contextOf: (tenant: TenantRow) => OperationContext;
  readonly auth: Auth;
  readonly syncs: Syncs;
  readonly settings: ServerSettings;
  readonly version: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** What keeps the server from being ready, in sentences, and how the last sync of each tenant ended. */
  readonly readiness: () => Promise<Readiness>;
  /** What is wrong with ledgers, as codes; absent: nothing looks after them. */
  readonly ledgerWarnings?: () => readonly string[];
  /** Ledgers to which nothing is appended until an operator decides, without saying whose; absent: as above. */
  readonly ledgerTroubles?: () => readonly LedgerTroubleView[];
  /** Folder of the built dashboard; where there is none, a line of text stands at `/`. */
  readonly pages: string;
  /** What other rooms answer beside the API, each below a path of its own. */
  readonly mounts?: readonly Mount[];
  /** Ends streams that would go on for ever. */
  readonly signal: AbortSignal;
}

export interface Readiness {
  readonly problems: readonly string[];
  readonly syncs: Readonly<Record<string, { readonly exit: number; readonly endedAt: string }>>;
}
