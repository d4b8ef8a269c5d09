import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type QueryResult,
} from "kysely";

import type { SqlValue, Transaction } from "./connection.ts";
import type { OpenSchema } from "./types.ts";

/** A query builder whose every query runs in this transaction. Beginning and ending it is the store's business. */
export function builderFor(engine: "sqlite" | "postgres", transaction: Transaction): Kysely<OpenSchema> {
  const connection = new TransactionConnection(transaction);
  const notHere = () => Promise.reject(new Error("transactions are begun by the store"));
  const driver = {
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(connection),
    beginTransaction: notHere,
    commitTransaction: notHere,
    rollbackTransaction: notHere,
    releaseConnection: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
  };
  const dialect: Dialect =
    engine === "sqlite"
      ? {
          createAdapter: () => new SqliteAdapter(),
          createDriver: () => driver,
          createIntrospector: (db) => new SqliteIntrospector(db),
          createQueryCompiler: () => new SqliteQueryCompiler(),
        }
      : {
          createAdapter: () => new PostgresAdapter(),
          createDriver: () => driver,
          createIntrospector: (db) => new PostgresIntrospector(db),
          createQueryCompiler: () => new PostgresQueryCompiler(),
        };
  return new Kysely<OpenSchema>({ dialect });
}

class TransactionConnection implements DatabaseConnection {
  readonly #transaction: Transaction;

  constructor(transaction: Transaction) {
    this.#transaction = transaction;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    // Kysely's result type is the caller's claim about its query; the values are what the engine gave.
    const { rows, changes } = await this.#transaction.query(sql, parameters as readonly SqlValue[]);
    return { rows: rows as R[], numAffectedRows: BigInt(changes) };
  }

  async *streamQuery<R>({ sql, parameters }: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    for await (const row of this.#transaction.iterate(sql, parameters as readonly SqlValue[]))
      yield { rows: [row as R] };
  }
}
