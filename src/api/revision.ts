import { dayOfInstant, type Clock, type Scope } from "../domain/index.ts";
import { logState, type Store } from "../store/index.ts";

/** How long a look at the ledger's size serves: other processes write too, and tell nobody. */
const LOOK_MS = 50;

/**
 * What every answer about a tenant depends on besides the question: the ledger's size, which grows with every sync and
 * every order; the UTC day, which ends ranges; and the orders given here, some of which leave no leaf.
 */
export class Revisions {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #orders = new Map<number, number>();
  readonly #looks = new Map<number, { readonly atMs: number; readonly size: Promise<string> }>();

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async of(scope: Scope): Promise<string> {
    const now = this.#clock.now();
    const orders = this.#orders.get(scope.tenantId) ?? 0;
    return `${await this.#size(scope, now)}/${dayOfInstant(now)}/${orders}`;
  }

  /** An order was carried out: no answer from before it counts any more. */
  changed(scope: Scope): void {
    this.#orders.set(scope.tenantId, (this.#orders.get(scope.tenantId) ?? 0) + 1);
    this.#looks.delete(scope.tenantId);
  }

  #size(scope: Scope, now: number): Promise<string> {
    const before = this.#looks.get(scope.tenantId);
    if (before !== undefined && Math.abs(now - before.atMs) < LOOK_MS) return before.size;
    const size = this.#store.read(async (tx) => {
      const state = await logState(tx, scope);
      return state === null ? "0" : `${state.size}.${state.lastAtMs}`;
    });
    this.#looks.set(scope.tenantId, { atMs: now, size });
    size.catch(() => this.#looks.delete(scope.tenantId));
    return size;
  }
}
