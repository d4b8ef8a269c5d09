import type { Scope } from "../domain/index.ts";
import { revisionOf } from "../store/index.ts";
import type { Revision, Tx } from "../store/index.ts";

interface Values<T> {
  readonly values: Map<string, T>;
  rows: number;
}

/** What was made of the rows, kept as long as they stay the same; the oldest is given up for the newest. */
export class Kept<T> {
  readonly #mostRows: number;
  readonly #rowsOf: (value: T) => number;
  readonly #ofRevision = new WeakMap<Revision, Values<T>>();

  /** @param mostRows of all that is kept of a tenant together; what has more than a quarter of them is not kept */
  constructor(mostRows: number, rowsOf: (value: T) => number) {
    this.#mostRows = mostRows;
    this.#rowsOf = rowsOf;
  }

  async get(tx: Tx, scope: Scope, key: () => string, make: () => Promise<T>): Promise<T> {
    const revision = await revisionOf(tx, scope);
    if (revision === null) return make();
    const kept = this.#ofRevision.get(revision) ?? { values: new Map<string, T>(), rows: 0 };
    this.#ofRevision.set(revision, kept);
    const name = key();
    const found = kept.values.get(name);
    if (found !== undefined) return found;
    const made = await make();
    const size = this.#rowsOf(made) + 1;
    if (size > this.#mostRows / 4 || kept.values.has(name)) return made;
    kept.values.set(name, made);
    kept.rows += size;
    for (const [oldest, value] of kept.values) {
      if (kept.rows <= this.#mostRows) break;
      kept.values.delete(oldest);
      kept.rows -= this.#rowsOf(value) + 1;
    }
    return made;
  }
}
