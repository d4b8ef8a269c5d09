import { describe, expect, it } from "vitest";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { onEveryEngine, sqliteEngine, tenantScope } from "../../test/support/stores.ts";
import { tables, total, usage } from "../../test/support/store-tables.ts";
import { count, isFailure, type Table } from "../domain/index.ts";
import {
  appendVersions,
  getSetting,
  listStale,
  listTenants,
  markRebuilt,
  openStore,
  replaceRecordRows,
  setSetting,
  type Store,
} from "./index.ts";

const rowsOf = (store: Store, table: Table) => store.read((tx) => tx.db.selectFrom(table.name).selectAll().execute());

const oneTotal = { table: total, values: { organization_id: "org", day: 20_000, input_tokens: 5 } };

const oneVersion = {
  nk: "[]",
  day: null,
  id: "0".repeat(32),
  ver: 1,
  leafIndex: 0,
  state: "rec",
  dataSha256: "0".repeat(64),
  conflicted: false,
  atMs: 0,
} as const;

onEveryEngine((engine) => {
  describe("a store", () => {
    it("opens again with what was kept", async () => {
      const database = await engine.database();
      const first = await database.open({ tables });
      const scope = await tenantScope(first);
      await first.write((tx) => setSetting(tx, scope, "colour", "blue"));
      await first.close();
      const again = await database.open({ tables });
      expect(await again.read((tx) => getSetting(tx, scope, "colour"))).toBe("blue");
      expect(again.staleTables).toEqual([]);
    });

    it("undoes a transaction that throws, and goes on", async () => {
      const store = await (await engine.database()).open({ tables });
      const scope = await tenantScope(store);
      const failing = store.write(async (tx) => {
        await setSetting(tx, scope, "colour", "red");
        throw new Error("on purpose");
      });
      await expect(failing).rejects.toThrow("on purpose");
      expect(await store.read((tx) => getSetting(tx, scope, "colour"))).toBeNull();
      await store.write((tx) => setSetting(tx, scope, "colour", "green"));
      expect(await store.read((tx) => getSetting(tx, scope, "colour"))).toBe("green");
    });

    it("writes one transaction at a time, in the order asked", async () => {
      const store = await (await engine.database()).open({ tables });
      const scope = await tenantScope(store);
      await Promise.all(
        Array.from({ length: 20 }, () =>
          store.write(async (tx) => {
            const before = Number((await getSetting(tx, scope, "n")) ?? 0);
            await Promise.resolve();
            await setSetting(tx, scope, "n", String(before + 1));
          }),
        ),
      );
      expect(await store.read((tx) => getSetting(tx, scope, "n"))).toBe("20");
    });

    it("gives integers as bigint and blobs as Buffer, through the query builder too", async () => {
      const store = await (await engine.database()).open({ tables });
      const scope = await tenantScope(store);
      const largest = 9_223_372_036_854_775_807n;
      await store.write(async (tx) => {
        const values = { organization_id: "org", day: 1, api_key_id: "k", model: null };
        const counts = { input_tokens: largest, output_tokens: -3, amount_pico: null };
        await replaceRecordRows(tx, scope, {
          deletes: [],
          inserts: [{ table: usage, values: { ...values, ...counts } }],
        });
        await tx.db
          .insertInto("tile_hashes")
          .values({ tenant_id: scope.tenantId, level: 1, n: 0, hash: Buffer.from([1, 2]) })
          .execute();
      });
      const [row] = await rowsOf(store, usage);
      expect(row).toMatchObject({ input_tokens: largest, output_tokens: -3n, amount_pico: null, model: 0n, day: 1n });
      const found = await store.read((tx) => tx.db.selectFrom("tile_hashes").selectAll().execute());
      expect(Buffer.isBuffer(found[0]?.["hash"])).toBe(true);
      const counted = await store.read((tx) =>
        tx.db
          .selectFrom("usage_by_key")
          .select((eb) => [eb.fn.countAll().as("rows"), eb.fn.sum("output_tokens").as("sum")])
          .execute(),
      );
      expect(counted).toEqual([{ rows: 1n, sum: -3n }]);
    });

    it("divides bound integers as integers", async () => {
      const store = await (await engine.database()).open({ tables });
      const scope = await tenantScope(store);
      await store.write((tx) => replaceRecordRows(tx, scope, { deletes: [], inserts: [oneTotal] }));
      const [row] = await store.read((tx) =>
        tx.db
          .selectFrom("usage_total")
          .select((eb) => eb("input_tokens", "/", 2).as("half"))
          .execute(),
      );
      expect(row?.["half"]).toBe(2n);
    });

    it("streams the rows of a query, and can be left half way", async () => {
      const store = await (await engine.database()).open({ tables });
      const scope = await tenantScope(store);
      const inserts = Array.from({ length: 2500 }, (_, day) => ({ table: total, values: { ...oneTotal.values, day } }));
      await store.write((tx) => replaceRecordRows(tx, scope, { deletes: [], inserts }));
      const days = await store.read(async (tx) => {
        const found: unknown[] = [];
        for await (const row of tx.db.selectFrom("usage_total").select("day").orderBy("day").stream())
          found.push(row["day"]);
        return found;
      });
      expect(days).toEqual(inserts.map(({ values }) => BigInt(values.day)));
      await store.read(async (tx) => {
        for await (const row of tx.db.selectFrom("usage_total").select("day").orderBy("day").stream()) {
          if (row["day"] === 3n) break;
        }
      });
      expect((await rowsOf(store, total)).length).toBe(2500);
    });

    it("refuses a transaction that has ended", async () => {
      const store = await (await engine.database()).open({ tables });
      const scope = await tenantScope(store);
      const late = await store.read(async (tx) => () => getSetting(tx, scope, "colour"));
      await expect(late()).rejects.toThrow("has ended");
    });

    it("makes a changed projection anew, empty, and says so until it is rebuilt", async () => {
      const database = await engine.database();
      const before = await database.open({ tables });
      const scope = await tenantScope(before);
      await before.write(async (tx) => {
        await appendVersions(tx, scope, "usage_total", "org", [oneVersion]);
        await replaceRecordRows(tx, scope, { deletes: [], inserts: [oneTotal] });
      });
      await before.close();

      const wider: Table = { ...total, columns: { ...total.columns, output_tokens: count() } };
      const changed = tables.map((table) => (table === total ? wider : table));
      const store = await database.open({ tables: changed });
      expect(store.staleTables).toEqual(["usage_total"]);
      expect(await rowsOf(store, wider)).toEqual([]);
      await store.close();
      const again = await database.open({ tables: changed });
      expect(again.staleTables).toEqual(["usage_total"]);
      await again.write((tx) => markRebuilt(tx, scope, "usage_total"));
      expect(again.staleTables).toEqual([]);
      expect(await again.read((tx) => listStale(tx, scope))).toEqual([]);
    });

    it("keeps a projection whose description only reads otherwise", async () => {
      const database = await engine.database();
      const before = await database.open({ tables });
      const scope = await tenantScope(before);
      await before.write((tx) => replaceRecordRows(tx, scope, { deletes: [], inserts: [oneTotal] }));
      await before.close();
      const store = await database.open({ tables: [{ ...total, doc: "Other words." }] });
      expect(await rowsOf(store, total)).toHaveLength(1);
    });

    it("refuses a database that a newer Bursar wrote, and leaves it alone", async () => {
      const database = await engine.database();
      const store = await database.open({ tables });
      await store.write((tx) =>
        tx.db.updateTable("meta").set({ value: "999" }).where("name", "=", "version").execute(),
      );
      await expect(database.open({ tables })).rejects.toSatisfy((thrown) => isFailure(thrown, "store.newer"));
    });

    it("reads the last commit while another transaction writes", async () => {
      const store = await (await engine.database()).open({ tables });
      const scope = await tenantScope(store);
      await store.write((tx) => setSetting(tx, scope, "colour", "old"));
      await store.write(async (tx) => {
        await setSetting(tx, scope, "colour", "new");
        expect(await store.read((beside) => getSetting(beside, scope, "colour"))).toBe("old");
      });
      expect(await store.read((tx) => getSetting(tx, scope, "colour"))).toBe("new");
    });

    it("reads one snapshot, whatever is written meanwhile", async () => {
      const store = await (await engine.database()).open({ tables });
      const scope = await tenantScope(store);
      await store.read(async (tx) => {
        expect(await getSetting(tx, scope, "colour")).toBeNull();
        await store.write((beside) => setSetting(beside, scope, "colour", "new"));
        expect(await getSetting(tx, scope, "colour")).toBeNull();
      });
    });

    it("is made once when two processes open a new database at the same time", async () => {
      const database = await engine.database();
      const stores = await Promise.all([database.open({ tables }), database.open({ tables })]);
      await tenantScope(stores[0]);
      expect(await stores[1].read(listTenants)).toHaveLength(1);
    });

    it("never writes when opened for reading", async () => {
      const database = await engine.database();
      const writer = await database.open({ tables });
      const scope = await tenantScope(writer);
      await writer.write((tx) => setSetting(tx, scope, "colour", "blue"));
      const reader = await database.open({ tables, readonly: true });
      expect(await reader.read((tx) => getSetting(tx, scope, "colour"))).toBe("blue");
      const writing = reader.write((tx) => setSetting(tx, scope, "colour", "red"));
      await expect(writing).rejects.toSatisfy((thrown) => isFailure(thrown, "store.read_only"));
      const older = database.open({ tables: [...tables, { ...total, name: "other" }], readonly: true });
      await expect(older).rejects.toSatisfy((thrown) => isFailure(thrown, "store.io"));
    });
  });
});

describe("a SQLite store", () => {
  const engine = sqliteEngine();

  it("keeps its folder and files from other users", async () => {
    const store = await (await engine.database()).open({ tables });
    const folder = join(engine.folder(), "data");
    await tenantScope(store);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const file of ["bursar.db", "bursar.db-wal", "bursar.db-shm"]) {
      expect([file, statSync(join(folder, file)).mode & 0o777]).toEqual([file, 0o600]);
    }
  });

  it("writes with a WAL that is folded into the file at the end", async () => {
    const store = await (await engine.database()).open({ tables });
    await tenantScope(store);
    await store.close();
    expect(existsSync(join(engine.folder(), "data", "bursar.db-wal"))).toBe(false);
  });

  it("waits for another process's write, and says so when that takes too long", async () => {
    const database = await engine.database();
    const store = await database.open({ tables, lockWaitMs: 200 });
    const scope = await tenantScope(store);
    const other = new DatabaseSync(join(engine.folder(), "data", "bursar.db"));
    other.exec("begin immediate");
    const refused = store.write((tx) => setSetting(tx, scope, "colour", "red"));
    await expect(refused).rejects.toSatisfy((thrown) => isFailure(thrown, "store.locked"));
    const waiting = store.write((tx) => setSetting(tx, scope, "colour", "blue"));
    other.exec("commit");
    await waiting;
    other.close();
    expect(await store.read((tx) => getSetting(tx, scope, "colour"))).toBe("blue");
  });

  it("undoes a write on a full disk and says so", async () => {
    const store = await (await engine.database()).open({ tables });
    const scope = await tenantScope(store);
    const full = store.write(async (tx) => {
      const { page_count: pages } = (await rawFirst(tx, "pragma page_count")) as { page_count: bigint };
      await rawFirst(tx, `pragma max_page_count = ${pages}`);
      await setSetting(tx, scope, "colour", "x".repeat(1_000_000));
    });
    await expect(full).rejects.toSatisfy((thrown) => isFailure(thrown, "store.disk_full"));
    await store.write(async (tx) => {
      await rawFirst(tx, "pragma max_page_count = 1000000");
      await setSetting(tx, scope, "colour", "blue");
    });
    expect(await store.read((tx) => getSetting(tx, scope, "colour"))).toBe("blue");
  });

  it("says that a file is damaged, and leaves it as it is", async () => {
    await engine.database();
    const folder = join(engine.folder(), "data");
    mkdirSync(folder);
    writeFileSync(join(folder, "bursar.db"), "not a database at all, but long enough to be taken for one".repeat(30));
    const opening = openStore({ dataDir: folder, tables });
    await expect(opening).rejects.toSatisfy((thrown) => isFailure(thrown, "store.damaged"));
  });

  it("says that there is nothing to read where there is no database", async () => {
    const database = await engine.database();
    const opening = database.open({ tables, readonly: true });
    await expect(opening).rejects.toSatisfy((thrown) => isFailure(thrown, "store.io"));
    expect(existsSync(join(engine.folder(), "data"))).toBe(false);
  });
});

describe("a PostgreSQL store", () => {
  it("says when no server answers, without the password", async () => {
    const opening = openStore({ databaseUrl: "postgres://u:hunter2@127.0.0.1:1/none", tables });
    await expect(opening).rejects.toSatisfy((thrown) => isFailure(thrown, "store.io"));
    await expect(opening).rejects.toSatisfy((thrown) => !JSON.stringify(thrown).includes("hunter2"));
  });
});

async function rawFirst(tx: Parameters<Parameters<Store["read"]>[0]>[0], text: string): Promise<unknown> {
  const { sql } = await import("kysely");
  return (await sql.raw(text).execute(tx.db)).rows[0];
}
