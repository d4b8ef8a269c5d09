import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, describe, it } from "vitest";

import { NAMED, type Scope } from "../../src/domain/index.ts";
import { ensureTenant, openStore, type Store, type StoreOptions } from "../../src/store/index.ts";

/** A database of its own for one test; it is gone when the test has ended. */
export interface TestDatabase {
  /** Opens it, for the first time or again. Stores left open are closed with the test. */
  open(options: Pick<StoreOptions, "tables" | "readonly" | "lockWaitMs">): Promise<Store>;
}

export interface TestEngine {
  readonly name: "SQLite" | "PostgreSQL";
  database(): Promise<TestDatabase>;
}

const SERVER = process.env["BURSAR_TEST_POSTGRES"];

/**
 * Runs the tests on a real SQLite file, and on a PostgreSQL server when `BURSAR_TEST_POSTGRES` has the URL of a
 * throw-away one.
 */
export function onEveryEngine(tests: (engine: TestEngine) => void): void {
  describe("on SQLite", () => tests(sqliteEngine()));
  if (SERVER !== undefined) describe("on PostgreSQL", () => tests(postgresEngine(SERVER)));
  else it.skip("on PostgreSQL: BURSAR_TEST_POSTGRES is not set; npm test starts a server for it", () => undefined);
}

export async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** A tenant to work as. */
export async function tenantScope(store: Store, tenant = "default"): Promise<Scope> {
  const { tenantId } = await store.write((tx) => ensureTenant(tx, tenant, 0));
  return { tenantId, tenant, principal: "test", privacy: NAMED };
}

export function sqliteEngine(): TestEngine & { folder(): string } {
  let folder = "";
  const cleaned = cleaning();
  return {
    name: "SQLite",
    folder: () => folder,
    database: async () => {
      folder = mkdtempSync(join(tmpdir(), "bursar-store-"));
      const dataDir = join(folder, "data");
      cleaned.later(() => rmSync(join(dataDir, ".."), { recursive: true, force: true }));
      return { open: async (options) => cleaned.closing(await openStore({ dataDir, ...options })) };
    },
  };
}

function postgresEngine(server: string): TestEngine {
  const cleaned = cleaning();
  return {
    name: "PostgreSQL",
    database: async () => {
      const { url, drop } = await newSchema(server);
      cleaned.later(drop);
      return { open: async (options) => cleaned.closing(await openStore({ databaseUrl: url, ...options })) };
    },
  };
}

/** A schema of its own on a PostgreSQL server: as good as a database, and quicker to make. */
export async function newSchema(server: string): Promise<{
  readonly url: string;
  readonly everything: () => Promise<string>;
  readonly drop: () => Promise<void>;
}> {
  const name = newName();
  const ask = async (sql: string): Promise<{ readonly text: string }[]> => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    try {
      const answered: unknown = await client.query(sql);
      // Several statements give a list of results.
      return (answered as { rows?: { text: string }[] }).rows ?? [];
    } finally {
      await client.end();
    }
  };
  await ask(`create schema ${name}`);
  const url = new URL(server);
  url.searchParams.set("options", `-c search_path=${name}`);
  return {
    url: url.href,
    drop: async () => void (await ask(`set client_min_messages = warning; drop schema ${name} cascade`)),
    everything: async () => {
      const tables = await ask(`select tablename as text from pg_tables where schemaname = '${name}'`);
      const rows: string[] = [];
      for (const { text } of tables) {
        for (const row of await ask(`select t::text as text from ${name}.${text} t`)) rows.push(row.text);
      }
      return rows.join("\n");
    },
  };
}

/** Of a schema or database on a throw-away server. */
export function newName(): string {
  return `test_${randomBytes(6).toString("hex")}`;
}

/** What a test leaves behind goes after it, the last first: stores are closed before their database is dropped. */
function cleaning() {
  const tasks: (() => void | Promise<void>)[] = [];
  const later = (task: () => void | Promise<void>) => void tasks.push(task);
  const closing = (store: Store): Store => {
    later(() => store.close());
    return store;
  };
  afterEach(async () => {
    for (const task of tasks.splice(0).toReversed()) await task();
  });
  return { later, closing };
}
