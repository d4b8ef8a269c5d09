import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Table } from "../../src/domain/index.ts";
import { openStore, type Store } from "../../src/store/index.ts";
import { newSchema } from "./stores.ts";

/** Where the whole Bursar of a test keeps its record. */
export interface Engine {
  readonly name: "SQLite" | "PostgreSQL";
  keep(dir: string, tables: readonly Table[]): Promise<Kept>;
}

export interface Kept {
  readonly store: Store;
  /** Everything that the database holds, in no order: to look for what must not be there. */
  everything(): Promise<string>;
  /** After the store is closed. */
  remove(): Promise<void>;
}

export const sqlite: Engine = {
  name: "SQLite",
  keep: async (dir, tables) => ({
    store: await openStore({ dataDir: dir, tables }),
    everything: async () => {
      const files = (await readdir(dir)).filter((name) => name.startsWith("bursar.db"));
      return (await Promise.all(files.map((name) => readFile(join(dir, name), "latin1")))).join("\n");
    },
    // The folder goes with the test's own.
    remove: () => Promise.resolve(),
  }),
};

const server = process.env["BURSAR_TEST_POSTGRES"];

const postgres: readonly Engine[] =
  server === undefined
    ? []
    : [
        {
          name: "PostgreSQL",
          keep: async (_, tables) => {
            const { url, everything, drop } = await newSchema(server);
            return { store: await openStore({ databaseUrl: url, tables }), everything, remove: drop };
          },
        },
      ];

/** SQLite, and PostgreSQL when `BURSAR_TEST_POSTGRES` has the URL of a throw-away server; npm test starts one. */
export const engines: readonly Engine[] = [sqlite, ...postgres];
