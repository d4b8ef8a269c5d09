import type { Engine } from "./connection.ts";
import { DimCache } from "./dim-cache.ts";
import { prepareSchema } from "./migrate.ts";
import { Mutex } from "./mutex.ts";
import { Session } from "./session.ts";
import { openSqlite } from "./sqlite.ts";
import type { Store, StorePlace, Table, Tx, WriteTx } from "./types.ts";

export interface StoreOptions {
  /** Folder of the embedded database `bursar.db`; made when absent. Not used when `databaseUrl` is given. */
  readonly dataDir?: string;
  /** `postgres://…`: PostgreSQL 15 or newer. */
  readonly databaseUrl?: string;
  /** The projections to keep: every table of the stream catalog. None, read-only: the records alone are looked at. */
  readonly tables: readonly Table[];
  /** Never writes, not even the schema. */
  readonly readonly?: boolean;
  /** How long a write waits for another process's write. */
  readonly lockWaitMs?: number;
}

/**
 * Opens the database and brings its schema up to date, which takes a few milliseconds when it is so already.
 *
 * @throws Failure `store.*`; `store.newer` when a newer Bursar wrote it.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { dataDir, databaseUrl, tables, readonly = false, lockWaitMs = 30_000 } = options;
  if (databaseUrl !== undefined) {
    // Loaded here, so that the embedded store's start does not pay for it.
    const { openPostgres } = await import("./postgres.ts");
    return opened(openPostgres({ databaseUrl, readonly, lockWaitMs }), tables, readonly, { databaseUrl });
  }
  if (dataDir === undefined) throw new TypeError("a store needs dataDir or databaseUrl");
  return opened(openSqlite({ dataDir, readonly, lockWaitMs }), tables, readonly, { dataDir });
}

async function opened(engine: Engine, tables: readonly Table[], readonly: boolean, place: StorePlace): Promise<Store> {
  const store = new EngineStore(engine, place);
  try {
    await prepareSchema(store, tables, readonly);
    return store;
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
}

/**
 * Writes the database anew, so that its files hold nothing that was deleted before, wherever it once stood: rows that
 * moved left copies in their old pages. As much disk again as the database is needed meanwhile. PostgreSQL marks the
 * space as free and writes over it as time goes on.
 */
export async function vacuum(store: Store): Promise<void> {
  if (!(store instanceof EngineStore)) throw new TypeError("a store that was not opened here");
  await store.vacuum();
}

class EngineStore implements Store {
  readonly engine: "sqlite" | "postgres";
  readonly place: StorePlace;
  staleTables: readonly string[] = [];
  readonly #engine: Engine;
  readonly #writes = new Mutex();
  readonly #dims = new DimCache();
  #closing: Promise<void> | undefined;

  constructor(engine: Engine, place: StorePlace) {
    this.#engine = engine;
    this.place = place;
    this.engine = engine.kind;
  }

  read<T>(fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#transact("read", fn);
  }

  write<T>(fn: (tx: WriteTx) => Promise<T>): Promise<T> {
    return this.#writes.run(() => this.#transact("write", fn));
  }

  vacuum(): Promise<void> {
    return this.#writes.run(async () => {
      try {
        await this.#engine.vacuum();
      } catch (thrown) {
        throw this.#engine.translate(thrown);
      }
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#writes.run(() => this.#engine.close());
    return this.#closing;
  }

  async #transact<T>(mode: "read" | "write", fn: (session: Session) => Promise<T>): Promise<T> {
    const translate = (thrown: unknown) => this.#engine.translate(thrown);
    const transaction = await this.#engine.begin(mode).catch((thrown: unknown) => {
      throw translate(thrown);
    });
    const session = new Session(this.engine, mode, transaction, translate, this.#dims, (names) => {
      this.staleTables = names;
    });
    try {
      const result = await fn(session);
      await transaction.commit();
      session.end(true);
      return result;
    } catch (thrown) {
      session.end(false);
      await transaction.rollback();
      throw translate(thrown);
    }
  }
}
