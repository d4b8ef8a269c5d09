import { accessSync, chmodSync, closeSync, constants, existsSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";

import { Failure, isFailure } from "../domain/index.ts";
import type { BulkColumn, Engine, SqlRow, SqlValue, Transaction } from "./connection.ts";
import { sqliteFailure } from "./failures.ts";

/** Older ones can corrupt a database when a WAL is reset while another process reads it. */
const OLDEST_SQLITE = [3, 51, 3] as const;
const IDLE_READERS = 4;
const WRITER_POLL_MS = 20;
/** How long a commit that wiped something waits for readers of the old pages; afterwards the next commits try. */
const LONGEST_WAIT_FOR_READERS_MS = 2_000;

export interface SqliteOptions {
  readonly dataDir: string;
  readonly readonly: boolean;
  /** How long to wait for another process's write to end. */
  readonly lockWaitMs: number;
}

/**
 * `<dataDir>/bursar.db`: one connection that writes, and readers beside it, each on its own snapshot.
 *
 * @throws Failure `store.*`
 */
export function openSqlite({ dataDir, readonly, lockWaitMs }: SqliteOptions): Engine {
  const folder = resolve(dataDir);
  const file = join(folder, "bursar.db");
  try {
    if (readonly && !existsSync(file)) {
      throw new Failure("store.io", { problem: "there is no database yet", path: file });
    }
    if (!readonly) prepareFile(folder, file);
    return new SqliteEngine(file, readonly, lockWaitMs);
  } catch (thrown) {
    const failure = fileFailure(sqliteFailure(thrown, file), folder);
    // SQLite only says that it cannot open it; a person should hear why.
    if (isFailure(failure, "store.io") && existsSync(file) && !isWritable(folder)) {
      throw new Failure("store.read_only", { path: folder }, { cause: thrown });
    }
    throw failure;
  }
}

/**
 * Opens a reader. Where nothing can be written, SQLite cannot make the file in which readers of a journal meet: a database
 * without a journal is then read as the unchanging file that it is.
 */
function openReader(file: string, lockWaitMs: number): DatabaseSync {
  const options = { readOnly: true, readBigInts: true, timeout: lockWaitMs };
  const database = new DatabaseSync(file, options);
  try {
    database.prepare("select 1 from sqlite_schema").get();
    return database;
  } catch (thrown) {
    database.close();
    if (isWritable(dirname(file)) || journalBytes(file) > 0) throw thrown;
    const unchanging = pathToFileURL(file);
    unchanging.searchParams.set("immutable", "1");
    return new DatabaseSync(unchanging, options);
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function journalBytes(file: string): number {
  return statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}

class SqliteEngine implements Engine {
  readonly kind = "sqlite";
  readonly #file: string;
  readonly #lockWaitMs: number;
  readonly #writer: SqliteConnection | null;
  readonly #idle: SqliteConnection[] = [];
  #closed = false;

  constructor(file: string, readonly: boolean, lockWaitMs: number) {
    this.#file = file;
    this.#lockWaitMs = lockWaitMs;
    this.#writer = readonly ? null : openWriter(file, lockWaitMs);
    if (!this.#writer) this.#idle.push(this.#openReader());
  }

  async begin(mode: "read" | "write"): Promise<Transaction> {
    if (this.#closed) throw new Error("the store is closed");
    return mode === "read" ? this.#beginRead() : this.#beginWrite();
  }

  async vacuum(): Promise<void> {
    const writer = this.#writer;
    if (!writer) throw new Failure("store.read_only", { path: this.#file });
    const deadline = performance.now() + this.#lockWaitMs;
    for (;;) {
      try {
        writer.database.exec("vacuum");
        break;
      } catch (thrown) {
        if (!isBusy(thrown) || performance.now() >= deadline) throw thrown;
        await sleep(WRITER_POLL_MS);
      }
    }
    await emptyWal(writer, LONGEST_WAIT_FOR_READERS_MS);
  }

  translate(thrown: unknown): unknown {
    return sqliteFailure(thrown, this.#file);
  }

  close(): Promise<void> {
    this.#closed = true;
    for (const reader of this.#idle.splice(0)) reader.database.close();
    // Last, so that closing it also folds the WAL into the database.
    if (this.#writer?.database.isOpen) this.#writer.database.close();
    return Promise.resolve();
  }

  #beginRead(): Transaction {
    const reader = this.#idle.pop() ?? this.#openReader();
    const giveBack = () => {
      if (this.#idle.length < IDLE_READERS && !this.#closed) this.#idle.push(reader);
      else reader.database.close();
    };
    try {
      reader.database.exec("begin");
    } catch (thrown) {
      reader.database.close();
      throw thrown;
    }
    return new SqliteTransaction(reader, giveBack, true);
  }

  async #beginWrite(): Promise<Transaction> {
    if (!this.#writer) throw new Failure("store.read_only", { path: this.#file });
    const deadline = performance.now() + this.#lockWaitMs;
    for (;;) {
      try {
        this.#writer.database.exec("begin immediate");
        return new SqliteTransaction(this.#writer, () => undefined, false);
      } catch (thrown) {
        if (!isBusy(thrown) || performance.now() >= deadline) throw thrown;
        // Waiting here and not inside SQLite keeps the event loop free while another process writes.
        await sleep(WRITER_POLL_MS);
      }
    }
  }

  #openReader(): SqliteConnection {
    const database = openReader(this.#file, this.#lockWaitMs);
    database.exec("pragma cache_size = -2048; pragma temp_store = memory");
    if (!this.#writer) checkVersion(database);
    return new SqliteConnection(database);
  }
}

const QUERIES_OF_A_SHORT_LOOK = 8;
/** How long questions may follow each other before the event loop turns. */
const LONGEST_TURN_MS = 4;

/** Rows inserted by one statement: a third quicker than one by one, and more bring nothing. */
const ROWS_A_STATEMENT = 20;

/** A connection with its prepared statements. */
class SqliteConnection {
  readonly database: DatabaseSync;
  /** The WAL still holds pages as they were before something was wiped. */
  walToEmpty = false;
  readonly #prepared = new Map<string, { statement: StatementSync; returnsRows: boolean }>();

  constructor(database: DatabaseSync) {
    this.database = database;
  }

  /** @param spelled the statement, where `name` is only a shorter name of it */
  prepare(name: string, spelled = () => name): { statement: StatementSync; returnsRows: boolean } {
    const known = this.#prepared.get(name);
    if (known) return known;
    const statement = this.database.prepare(spelled());
    const prepared = { statement, returnsRows: statement.columns().length > 0 };
    if (this.#prepared.size >= 200) this.#prepared.clear();
    this.#prepared.set(name, prepared);
    return prepared;
  }

  /** Inserts so many rows at once. Its text is long, and is made once: by far the most of a sync are a few of these. */
  inserting(table: string, columns: readonly BulkColumn[], rows: number, onConflict: string): StatementSync {
    const names = columns.map((column) => column.name).join(", ");
    return this.prepare(`${rows} rows into ${table} (${names}) ${onConflict}`, () => {
      const places = `(${columns.map(() => "?").join(", ")})`;
      const values = Array.from({ length: rows }, () => places).join(", ");
      return `insert into ${table} (${names}) values ${values} ${onConflict}`;
    }).statement;
  }
}

class SqliteTransaction implements Transaction {
  readonly #connection: SqliteConnection;
  readonly #giveBack: () => void;
  readonly #reads: boolean;
  #queries = 0;
  #wipes = false;

  constructor(connection: SqliteConnection, giveBack: () => void, reads: boolean) {
    this.#connection = connection;
    this.#giveBack = giveBack;
    this.#reads = reads;
  }

  async query(sql: string, params: readonly SqlValue[]): Promise<{ rows: SqlRow[]; changes: number }> {
    // A short look is over before anybody waits, and needs no second connection beside it.
    if (this.#reads && ++this.#queries > QUERIES_OF_A_SHORT_LOOK) await letOthersIn();
    const { statement, returnsRows } = this.#connection.prepare(sql);
    const values = params.map(bindable);
    if (returnsRows) return { rows: statement.all(...values).map(withBuffers), changes: 0 };
    return { rows: [], changes: Number(statement.run(...values).changes) };
  }

  async *iterate(sql: string, params: readonly SqlValue[]): AsyncIterable<SqlRow> {
    // A statement of its own: the same text may run again while this one is half read.
    const statement = this.#connection.database.prepare(sql);
    for (const row of statement.iterate(...params.map(bindable))) yield withBuffers(row);
  }

  async insertRows(
    table: string,
    columns: readonly BulkColumn[],
    rows: readonly (readonly SqlValue[])[],
    onConflict = "",
  ): Promise<number> {
    const whole = rows.length - (rows.length % ROWS_A_STATEMENT);
    const width = columns.length;
    const many = whole > 0 ? this.#connection.inserting(table, columns, ROWS_A_STATEMENT, onConflict) : null;
    const values = Array.from<SqlValue>({ length: whole > 0 ? width * ROWS_A_STATEMENT : 0 });
    let inserted = 0;
    for (let from = 0; from < whole; from += ROWS_A_STATEMENT) {
      for (let row = 0; row < ROWS_A_STATEMENT; row += 1) {
        const cells = rows[from + row]!;
        for (let column = 0; column < width; column += 1) values[row * width + column] = cells[column]!;
      }
      inserted += Number(many?.run(...values).changes ?? 0);
    }
    const one = whole < rows.length ? this.#connection.inserting(table, columns, 1, onConflict) : null;
    for (let at = whole; at < rows.length; at += 1) inserted += Number(one?.run(...rows[at]!).changes ?? 0);
    return inserted;
  }

  async deleteRows(
    table: string,
    columns: readonly BulkColumn[],
    keys: readonly (readonly SqlValue[])[],
  ): Promise<void> {
    const condition = columns.map((column) => `${column.name} = ?`).join(" and ");
    const { statement } = this.#connection.prepare(`delete from ${table} where ${condition}`);
    for (const key of keys) statement.run(...key);
  }

  async wipeDeleted(): Promise<void> {
    // Not for every write: it makes a refresh of roll-ups slower.
    this.#connection.database.exec("pragma secure_delete = on");
    this.#wipes = true;
  }

  async commit(): Promise<void> {
    const { database } = this.#connection;
    database.exec("commit");
    if (this.#wipes) {
      this.#stopWiping();
      this.#connection.walToEmpty = true;
      await emptyWal(this.#connection, LONGEST_WAIT_FOR_READERS_MS);
    } else if (this.#connection.walToEmpty) await emptyWal(this.#connection, 0);
    this.#giveBack();
  }

  async rollback(): Promise<void> {
    try {
      // A full disk has undone it already.
      if (this.#connection.database.isTransaction) this.#connection.database.exec("rollback");
    } catch {
      // What made us roll back is the error to tell.
    }
    if (this.#wipes) this.#stopWiping();
    this.#giveBack();
  }

  #stopWiping(): void {
    this.#wipes = false;
    this.#connection.database.exec("pragma secure_delete = off");
  }
}

let othersInAt = 0;

/**
 * SQLite answers without ever waiting, so a page of many questions would hold the event loop from its first to its last;
 * whoever asks for something that is ready should not wait for it. A write holds others up, and so it hurries.
 */
async function letOthersIn(): Promise<void> {
  if (performance.now() - othersInAt < LONGEST_TURN_MS) return;
  await new Promise((resolve) => setImmediate(resolve));
  othersInAt = performance.now();
}

/** Folds the WAL into the database and cuts it to nothing, which waits for those who still read the old pages. */
async function emptyWal(connection: SqliteConnection, longestMs: number): Promise<void> {
  const deadline = performance.now() + longestMs;
  for (;;) {
    try {
      const answer = connection.database.prepare("pragma wal_checkpoint(truncate)").get();
      connection.walToEmpty = Number(answer?.["busy"]) !== 0;
    } catch {
      // The transaction is committed all the same; a WAL that stays is tried again, at the latest when we close.
    }
    if (!connection.walToEmpty || performance.now() >= deadline) return;
    await sleep(WRITER_POLL_MS);
  }
}

function openWriter(file: string, lockWaitMs: number): SqliteConnection {
  const database = new DatabaseSync(file, {
    readBigInts: true,
    enableForeignKeyConstraints: true,
    // Making the journal a WAL may have to wait for a process that opens the same new file.
    timeout: lockWaitMs,
  });
  try {
    checkVersion(database);
    const mode = database.prepare("pragma journal_mode").get()?.["journal_mode"];
    if (mode !== "wal") database.exec("pragma journal_mode = wal");
    database.exec(
      "pragma synchronous = full; pragma wal_autocheckpoint = 16000; pragma cache_size = -8192; pragma temp_store = memory",
    );
    // A rebuild makes a large WAL; it need not stay large. As many pages as are let gather above fit in it.
    database.exec("pragma journal_size_limit = 67108864");
    // From here on the wait for another writer is ours, in steps (see beginWrite).
    database.exec("pragma busy_timeout = 50");
  } catch (thrown) {
    database.close();
    throw thrown;
  }
  return new SqliteConnection(database);
}

function checkVersion(database: DatabaseSync): void {
  const version = String(database.prepare("select sqlite_version() as version").get()?.["version"]);
  const parts = version.split(".").map(Number);
  const difference = OLDEST_SQLITE.map((least, at) => (parts[at] ?? 0) - least).find((d) => d !== 0) ?? 0;
  if (difference < 0) {
    const problem = `SQLite ${version} is older than ${OLDEST_SQLITE.join(".")}; use a newer Node 24`;
    throw new Failure("store.io", { problem, path: "the database" });
  }
}

function prepareFile(folder: string, file: string): void {
  // Only the last folder is private: a recursive mode would lock others out of its parents too.
  if (!existsSync(folder)) {
    mkdirSync(dirname(folder), { recursive: true });
    mkdirSync(folder, { mode: 0o700, recursive: true });
  }
  if (!existsSync(file)) {
    closeSync(openSync(file, "a", 0o600));
    chmodSync(file, 0o600);
  }
}

function fileFailure(thrown: unknown, path: string): unknown {
  if (!(thrown instanceof Error) || thrown instanceof Failure || !("code" in thrown)) return thrown;
  const cause = { cause: thrown };
  if (thrown.code === "EROFS" || thrown.code === "EACCES" || thrown.code === "EPERM") {
    return new Failure("store.read_only", { path }, cause);
  }
  if (thrown.code === "ENOSPC") return new Failure("store.disk_full", {}, cause);
  if ("syscall" in thrown) return new Failure("store.io", { problem: thrown.message, path }, cause);
  return thrown;
}

function isBusy(thrown: unknown): boolean {
  return thrown instanceof Error && "errcode" in thrown && (Number(thrown.errcode) & 0xff) === 5;
}

/** A JavaScript number would be bound as a real, and 7/2 would then be 3.5. */
function bindable(value: SqlValue): SQLInputValue {
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
}

function withBuffers(row: Record<string, unknown>): SqlRow {
  for (const name in row) {
    const value = row[name];
    if (value instanceof Uint8Array) row[name] = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  // node:sqlite gives null, bigint, number, text and bytes; the last have just become Buffers.
  return row as SqlRow;
}
