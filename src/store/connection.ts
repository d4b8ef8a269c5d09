/** What a statement takes. A number is bound as the integer it is: no fraction ever reaches the database from us. */
export type SqlValue = null | number | bigint | string | Uint8Array;

/** What a row holds: integers as bigint, blobs as Buffer, on both engines. A number is a quotient the query asked for. */
export type SqlRow = Readonly<Record<string, null | bigint | number | string | Buffer>>;

/** How a bulk statement spells its columns: `int` is 64 bits. */
export type SqlType = "int" | "text" | "blob";

export interface BulkColumn {
  readonly name: string;
  readonly type: SqlType;
}

/** One transaction of one engine, with the few things that the rest of the room asks of a database. */
export interface Transaction {
  /** One statement in the engine's own placeholders. */
  query(sql: string, params: readonly SqlValue[]): Promise<{ rows: SqlRow[]; changes: number }>;
  /** Rows as they come, for answers that should not stand in memory whole. */
  iterate(sql: string, params: readonly SqlValue[]): AsyncIterable<SqlRow>;
  /** Inserts many rows and tells how many went in; `onConflict` is the end of the statement, from `on conflict` on. */
  insertRows(
    table: string,
    columns: readonly BulkColumn[],
    rows: readonly (readonly SqlValue[])[],
    onConflict?: string,
  ): Promise<number>;
  /** Deletes all rows whose `columns` equal one of the keys. */
  deleteRows(table: string, columns: readonly BulkColumn[], keys: readonly (readonly SqlValue[])[]): Promise<void>;
  /**
   * What this transaction deletes or writes over shall not be found in the files afterwards. SQLite alone can do that:
   * a server has its own vacuum, log and backups.
   */
  wipeDeleted(): Promise<void>;
  /** Ends the transaction and gives its connection back; so does `rollback`, which never throws. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

export interface Engine {
  readonly kind: "sqlite" | "postgres";
  begin(mode: "read" | "write"): Promise<Transaction>;
  /** What went wrong, as a Failure where a person can act on it, else as thrown. */
  translate(thrown: unknown): unknown;
  /** Writes the database anew, without what was deleted from it before; waits for whoever writes or reads. */
  vacuum(): Promise<void>;
  close(): Promise<void>;
}
