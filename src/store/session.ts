import type { Kysely } from "kysely";

import type { BulkColumn, SqlRow, SqlValue, Transaction } from "./connection.ts";
import type { DimCache } from "./dim-cache.ts";
import { builderFor } from "./kysely.ts";
import type { OpenSchema, Tx, WriteTx } from "./types.ts";

/** No dim has this name: its counter counts the tenant's eras. */
const ERA = "";
/** Nor this one: its counter counts the changes of people and of who owns which actor. */
const PEOPLE = " people";

/** The room's own side of a transaction: what `Tx` shows the others, and plain SQL for the functions in here. */
export class Session implements WriteTx {
  readonly engine: "sqlite" | "postgres";
  readonly writing = true;
  readonly mode: "read" | "write";
  /** Added to a select of rows that this transaction will change: SQLite has one writer at a time as it is. */
  readonly forUpdate: "" | " for update";
  readonly dims: DimCache;
  /** Sets the store's `staleTables`. */
  readonly tellStale: (names: readonly string[]) => void;
  /** Told when the transaction did not happen. */
  readonly undone: (() => void)[] = [];
  /** Told when it did. */
  readonly done: (() => void)[] = [];
  readonly #transaction: Transaction;
  readonly #translate: (thrown: unknown) => unknown;
  readonly #eras = new Map<number, Promise<number>>();
  #builder: Kysely<OpenSchema> | undefined;
  #ended = false;

  constructor(
    engine: "sqlite" | "postgres",
    mode: "read" | "write",
    transaction: Transaction,
    translate: (thrown: unknown) => unknown,
    dims: DimCache,
    tellStale: (names: readonly string[]) => void,
  ) {
    this.engine = engine;
    this.mode = mode;
    this.forUpdate = engine === "postgres" && mode === "write" ? " for update" : "";
    this.#transaction = transaction;
    this.#translate = translate;
    this.dims = dims;
    this.tellStale = tellStale;
  }

  get db(): Kysely<OpenSchema> {
    this.#builder ??= builderFor(this.engine, this.#guarded());
    return this.#builder;
  }

  /** Rows of a query with `?` for its parameters. */
  async all(sql: string, params: readonly SqlValue[] = []): Promise<SqlRow[]> {
    return (await this.#tried(() => this.#transaction.query(this.#spelled(sql), params))).rows;
  }

  async first(sql: string, params: readonly SqlValue[] = []): Promise<SqlRow | undefined> {
    return (await this.all(sql, params))[0];
  }

  /** Rows changed by a statement with `?` for its parameters. */
  async run(sql: string, params: readonly SqlValue[] = []): Promise<number> {
    return (await this.#tried(() => this.#transaction.query(this.#spelled(sql), params))).changes;
  }

  iterate(sql: string, params: readonly SqlValue[] = []): AsyncIterable<SqlRow> {
    return this.#guarded().iterate(this.#spelled(sql), params);
  }

  async insertRows(
    table: string,
    columns: readonly BulkColumn[],
    rows: readonly (readonly SqlValue[])[],
    onConflict?: string,
  ): Promise<number> {
    if (rows.length === 0) return 0;
    return this.#tried(() => this.#transaction.insertRows(table, columns, rows, onConflict));
  }

  async deleteRows(
    table: string,
    columns: readonly BulkColumn[],
    keys: readonly (readonly SqlValue[])[],
  ): Promise<void> {
    if (keys.length > 0) await this.#tried(() => this.#transaction.deleteRows(table, columns, keys));
  }

  /** How often interned texts of the tenant were forgotten: what was remembered of them before is not to be used. */
  dimEra(tenantId: number): Promise<number> {
    let era = this.#eras.get(tenantId);
    if (!era) {
      era = this.#counter(tenantId, ERA);
      this.#eras.set(tenantId, era);
    }
    return era;
  }

  /** How often the people of the tenant, or the owners of actors, were changed. */
  peopleEra(tenantId: number): Promise<number> {
    return this.#counter(tenantId, PEOPLE);
  }

  /** Begins the next one, for every process. */
  changePeople(tenantId: number): Promise<void> {
    return this.#count(tenantId, PEOPLE);
  }

  /** Begins the next era, for every process. */
  async forgetDims(tenantId: number): Promise<void> {
    await this.#count(tenantId, ERA);
    this.#eras.delete(tenantId);
  }

  async #counter(tenantId: number, name: string): Promise<number> {
    const row = await this.first("select last_code from dim_counters where tenant_id = ? and dim = ?", [
      tenantId,
      name,
    ]);
    return Number(row?.["last_code"] ?? 0);
  }

  async #count(tenantId: number, name: string): Promise<void> {
    await this.run(
      `insert into dim_counters (tenant_id, dim, last_code) values (?, ?, 1)
       on conflict (tenant_id, dim) do update set last_code = dim_counters.last_code + 1`,
      [tenantId, name],
    );
  }

  wipeDeleted(): Promise<void> {
    return this.#tried(() => this.#transaction.wipeDeleted());
  }

  /** Whatever still holds this session can no longer use it. */
  end(happened: boolean): void {
    this.#ended = true;
    for (const tell of happened ? this.done : this.undone) tell();
  }

  #guarded(): Transaction {
    const transaction = this.#transaction;
    const tried = <T>(task: () => Promise<T>) => this.#tried(task);
    const translate = this.#translate;
    return {
      query: (sql, params) => tried(() => transaction.query(sql, params)),
      async *iterate(sql, params) {
        try {
          yield* transaction.iterate(sql, params);
        } catch (thrown) {
          throw translate(thrown);
        }
      },
      insertRows: (...args) => tried(() => transaction.insertRows(...args)),
      deleteRows: (...args) => tried(() => transaction.deleteRows(...args)),
      wipeDeleted: () => tried(() => transaction.wipeDeleted()),
      commit: () => transaction.commit(),
      rollback: () => transaction.rollback(),
    };
  }

  async #tried<T>(task: () => Promise<T>): Promise<T> {
    if (this.#ended) throw new Error("this transaction has ended");
    try {
      return await task();
    } catch (thrown) {
      throw this.#translate(thrown);
    }
  }

  #spelled(sql: string): string {
    return this.engine === "sqlite" ? sql : numbered(sql);
  }
}

/** The session behind a `Tx`. */
export function sessionOf(tx: Tx): Session {
  if (tx instanceof Session) return tx;
  throw new TypeError("a transaction that no store has begun");
}

const spelledAlready = new Map<string, string>();

/** PostgreSQL's `$1` for each `?`. Our statements hold no question mark in a literal. */
export function numbered(sql: string): string {
  const known = spelledAlready.get(sql);
  if (known !== undefined) return known;
  let n = 0;
  const text = sql.replaceAll("?", () => `$${++n}`);
  if (spelledAlready.size < 500) spelledAlready.set(sql, text);
  return text;
}
