import type { BulkColumn, SqlRow, SqlType, SqlValue, Transaction } from "./connection.ts";

/** What we ask of a PostgreSQL connection, in whichever way it is reached. */
export interface PostgresClient {
  query(sql: string, params: readonly (null | string | Uint8Array)[]): Promise<{ rows: SqlRow[]; changes: number }>;
}

/** Rows sent in one statement. */
const BATCH = 5000;
/** Rows fetched at once by a cursor. */
const FETCH = 1000;

export class PostgresTransaction implements Transaction {
  readonly #client: PostgresClient;
  /** Gives the connection back; it is thrown away when its state is unknown. */
  readonly #giveBack: (broken: boolean) => void;
  #cursors = 0;

  constructor(client: PostgresClient, giveBack: (broken: boolean) => void) {
    this.#client = client;
    this.#giveBack = giveBack;
  }

  query(sql: string, params: readonly SqlValue[]): Promise<{ rows: SqlRow[]; changes: number }> {
    return this.#client.query(sql, params.map(sent));
  }

  async *iterate(sql: string, params: readonly SqlValue[]): AsyncIterable<SqlRow> {
    const cursor = `bursar_cursor_${++this.#cursors}`;
    await this.#client.query(`declare ${cursor} no scroll cursor for ${sql}`, params.map(sent));
    // A failed transaction has closed it already, so closing stands after the loop and not in a finally.
    for (;;) {
      const { rows } = await this.#client.query(`fetch ${FETCH} from ${cursor}`, []);
      yield* rows;
      if (rows.length < FETCH) break;
    }
    await this.#client.query(`close ${cursor}`, []);
  }

  async insertRows(
    table: string,
    columns: readonly BulkColumn[],
    rows: readonly (readonly SqlValue[])[],
    onConflict = "",
  ): Promise<number> {
    const names = columns.map((column) => column.name).join(", ");
    const sql = `insert into ${table} (${names}) select * from ${unnest(columns)} ${onConflict}`;
    let inserted = 0;
    for (const batch of batches(rows)) inserted += (await this.#client.query(sql, arrays(columns, batch))).changes;
    return inserted;
  }

  async deleteRows(
    table: string,
    columns: readonly BulkColumn[],
    keys: readonly (readonly SqlValue[])[],
  ): Promise<void> {
    const names = columns.map((column) => column.name);
    const condition = names.map((name) => `t.${name} = k.${name}`).join(" and ");
    const sql = `delete from ${table} t using ${unnest(columns)} as k (${names.join(", ")}) where ${condition}`;
    for (const batch of batches(keys)) await this.#client.query(sql, arrays(columns, batch));
  }

  wipeDeleted(): Promise<void> {
    return Promise.resolve();
  }

  async commit(): Promise<void> {
    await this.#client.query("commit", []);
    this.#giveBack(false);
  }

  async rollback(): Promise<void> {
    try {
      await this.#client.query("rollback", []);
      this.#giveBack(false);
    } catch {
      this.#giveBack(true);
    }
  }
}

/** How PostgreSQL's text form of a type is read, by type id; other types keep the driver's way. */
export const POSTGRES_PARSERS: Readonly<Record<number, (text: string) => SqlRow[string]>> = {
  16: (text) => (text === "t" ? 1n : 0n), // bool, as SQLite has it
  17: (text) => Buffer.from(text.slice(2), "hex"), // bytea
  20: BigInt, // int8
  21: BigInt, // int2
  23: BigInt, // int4
  1700: (text) => (/^-?\d+$/.test(text) ? BigInt(text) : Number(text)), // numeric: sums of int8, and quotients
};

/**
 * A column's values as PostgreSQL writes an array. Text is the one form that every driver passes on untouched.
 */
function arrayText(type: SqlType, rows: readonly (readonly SqlValue[])[], at: number): string {
  const items = rows.map((row) => {
    const value = row[at] ?? null;
    if (value === null) return "null";
    if (type === "int") return String(value);
    if (type === "blob") return `"\\\\x${Buffer.from(value as Uint8Array).toString("hex")}"`;
    return `"${withoutNul(String(value)).replace(/["\\]/g, "\\$&")}"`;
  });
  return `{${items.join(",")}}`;
}

function arrays(columns: readonly BulkColumn[], rows: readonly (readonly SqlValue[])[]): string[] {
  return columns.map(({ type }, at) => arrayText(type, rows, at));
}

function unnest(columns: readonly BulkColumn[]): string {
  return `unnest(${columns.map(({ type }, at) => `$${at + 1}::text::${ARRAY_TYPE[type]}`).join(", ")})`;
}

const ARRAY_TYPE = { int: "bigint[]", text: "text[]", blob: "bytea[]" } as const satisfies Record<SqlType, string>;

function* batches<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += BATCH) yield rows.slice(from, from + BATCH);
}

function sent(value: SqlValue): null | string | Uint8Array {
  if (typeof value === "string") return withoutNul(value);
  return value === null || value instanceof Uint8Array ? value : String(value);
}

/** PostgreSQL has no U+0000 in text. What must come back as it was has been through `storableText` before. */
function withoutNul(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\uFFFD") : text;
}
