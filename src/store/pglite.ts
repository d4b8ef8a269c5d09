import type { Engine, SqlRow, Transaction } from "./connection.ts";
import { postgresFailure } from "./failures.ts";
import { POSTGRES_PARSERS, PostgresTransaction, type PostgresClient } from "./postgres-transaction.ts";

/** The part of an `@electric-sql/pglite` object that we use. */
export interface PgliteDatabase {
  query(
    sql: string,
    params?: unknown[],
    options?: {
      parsers?: Record<number, (text: string) => unknown>;
      serializers?: Record<number, (value: unknown) => string>;
    },
  ): Promise<{ rows: unknown[]; affectedRows?: number }>;
}

/** PostgreSQL's dialect on one in-process connection; whoever made the database closes it. */
export function openPgliteEngine(database: PgliteDatabase): Engine {
  let busy: Promise<void> = Promise.resolve();
  const client: PostgresClient = {
    query: async (sql, params) => {
      const { rows, affectedRows } = await database.query(sql, [...params], {
        parsers: POSTGRES_PARSERS,
        serializers: SERIALIZERS,
      });
      return { rows: rows as SqlRow[], changes: affectedRows ?? 0 };
    },
  };

  async function begin(mode: "read" | "write"): Promise<Transaction> {
    const before = busy;
    let end = () => {};
    busy = new Promise((resolve) => {
      end = resolve;
    });
    await before;
    try {
      await client.query(mode === "read" ? "begin isolation level repeatable read read only" : "begin", []);
    } catch (thrown) {
      end();
      throw thrown;
    }
    return new PostgresTransaction(client, () => end());
  }

  return {
    kind: "postgres",
    begin,
    translate: (thrown) => postgresFailure(thrown, "PGlite"),
    vacuum: async () => void (await client.query("vacuum", [])),
    close: () => Promise.resolve(),
  };
}

/** Our parameters are text already; PGlite's own serializers want JavaScript's types. */
const SERIALIZERS = Object.fromEntries([16, 20, 21, 23, 25, 701, 1043, 1700].map((oid) => [oid, String]));
