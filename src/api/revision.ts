import { dayOfInstant, type Clock, type Scope } from "../domain/index.ts";
import { logState, type Store } from "../store/index.ts";
import type { Syncs } from "../operations/index.ts";

/** How long a look at the ledger's size serves: other processes write too, and tell nobody. */
const LOOK_MS = 50;

/**
 * The same while this server syncs. A back-fill commits many times a second: with every commit all answers would be
 * worked out anew, beside the work of the back-fill itself.
 */
const LOOK_WHILE_SYNCING_MS = 5_000;

export interface Revision {
  readonly now: string;
  /** Names the sync that runs, the day and the orders so far: an answer of then may be given while the next is made. */
  readonly during: string | null;
}

interface Look {
  readonly atMs: number;
  /** The sync that ran, as it stood. */
  readonly sync: string;
  readonly isSyncing: boolean;
  readonly size: Promise<string>;
}

/**
 * What every answer about a tenant depends on besides the question: the ledger's size, which grows with every sync and
 * every order; the UTC day, which ends ranges; and the orders given here, some of which leave no leaf.
 */
export class Revisions {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #syncs: Pick<Syncs, "latest">;
  readonly #orders = new Map<number, number>();
  readonly #looks = new Map<number, Look>();

  constructor(store: Store, clock: Clock, syncs: Pick<Syncs, "latest">) {
    this.#store = store;
    this.#clock = clock;
    this.#syncs = syncs;
  }

  async of(scope: Scope): Promise<Revision> {
    const now = this.#clock.now();
    const { size, sync, isSyncing } = this.#look(scope, now);
    const rest = `${dayOfInstant(now)}/${this.#orders.get(scope.tenantId) ?? 0}`;
    return { now: `${await size}/${rest}`, during: isSyncing ? `${sync}/${rest}` : null };
  }

  /** An order was carried out: no answer from before it counts any more. */
  changed(scope: Scope): void {
    this.#orders.set(scope.tenantId, (this.#orders.get(scope.tenantId) ?? 0) + 1);
    this.#looks.delete(scope.tenantId);
  }

  #look(scope: Scope, now: number): Look {
    const before = this.#looks.get(scope.tenantId);
    const run = this.#syncs.latest(scope.tenant);
    const isSyncing = run !== null && run.endedAt === null;
    const sync = run === null ? "" : `${run.id} ${run.endedAt}`;
    const serves = isSyncing ? LOOK_WHILE_SYNCING_MS : LOOK_MS;
    if (before?.sync === sync && Math.abs(now - before.atMs) < serves) return before;
    const size = this.#store.read(async (tx) => {
      const state = await logState(tx, scope);
      return state === null ? "0" : `${state.size}.${state.lastAtMs}`;
    });
    const look = { atMs: now, sync, isSyncing, size };
    this.#looks.set(scope.tenantId, look);
    size.catch(() => this.#looks.delete(scope.tenantId));
    return look;
  }
}
