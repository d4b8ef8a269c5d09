import pg from "pg";

import { Failure } from "../domain/index.ts";
import type { Engine, SqlRow, Transaction } from "./connection.ts";
import { postgresFailure } from "./failures.ts";
import { Mutex } from "./mutex.ts";
import { POSTGRES_PARSERS, PostgresTransaction, type PostgresClient } from "./postgres-transaction.ts";

const CONNECTIONS = 8;
const CONNECT_MS = 10_000;

export interface PostgresOptions {
  readonly databaseUrl: string;
  readonly readonly: boolean;
  readonly lockWaitMs: number;
}

/** A pool on a PostgreSQL server. Nothing is asked of it before the first transaction. */
export function openPostgres({ databaseUrl, readonly, lockWaitMs }: PostgresOptions): Engine {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: "bursar",
    types: {
      // For this pool only: pg's own table of parsers is shared by everything in the process.
      getTypeParser: ((oid: number, format?: "text" | "binary") =>
        POSTGRES_PARSERS[oid] ?? pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
    },
  });
  // An idle connection that the server closes is replaced when one is asked for; without a listener it would end us.
  pool.on("error", () => undefined);
  // Nor may one that is in use: its next statement says that it is gone.
  pool.on("connect", (client) => void client.on("error", () => undefined));
  const where = withoutPassword(databaseUrl);
  const limit = `set local lock_timeout = ${Math.max(1, Math.round(lockWaitMs))}`;

  async function begin(mode: "read" | "write"): Promise<Transaction> {
    if (mode === "write" && readonly) throw new Failure("store.read_only", { path: where });
    const client = await pool.connect();
    const start = mode === "read" ? "begin isolation level repeatable read read only" : "begin";
    try {
      await client.query(`${start}; ${limit}`);
    } catch (thrown) {
      client.release(true);
      throw thrown;
    }
    // A connection takes one statement at a time; callers may ask for several at once all the same.
    const turns = new Mutex();
    const asked: PostgresClient = {
      query: (sql, params) =>
        turns.run(async () => {
          const { rows, rowCount } = await client.query<SqlRow>({ text: sql, values: [...params] });
          return { rows, changes: rowCount ?? 0 };
        }),
    };
    return new PostgresTransaction(asked, (broken) => client.release(broken));
  }

  return {
    kind: "postgres",
    begin,
    translate: (thrown) => postgresFailure(thrown, where),
    vacuum: async () => {
      // Not within a transaction, and only what is ours: others may share the server.
      const { rows } = await pool.query<{ name: string }>(
        "select quote_ident(tablename) as name from pg_tables where schemaname = current_schema()",
      );
      for (const { name } of rows) await pool.query(`vacuum ${name}`);
    },
    close: () => pool.end(),
  };
}

/** `host:port/database`: what may stand in a message. */
function withoutPassword(databaseUrl: string): string {
  try {
    const { host, pathname } = new URL(databaseUrl);
    return `${host}${pathname}`;
  } catch {
    return "the database";
  }
}
