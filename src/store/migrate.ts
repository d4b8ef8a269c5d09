import { Failure } from "../domain/index.ts";
import { sha256Hex } from "../ledger/index.ts";
import { createStatements, fingerprintOf, tableNames } from "./ddl.ts";
import { intOf, textOf } from "./decode.ts";
import { migrations } from "./migrations/index.ts";
import { POSTGRES_TYPES, SQLITE_TYPES } from "./migrations/migration.ts";
import { sessionOf, type Session } from "./session.ts";
import type { Scope, Store, Table, Tx, WriteTx } from "./types.ts";

/** Names of `meta` rows. `table:NAME` keeps a projection's fingerprint and the names of its tables. */
const VERSION = "version";
const TABLES = "tables";

const OLDEST_POSTGRES = 15;

/**
 * Brings the schema up to date: numbered migrations for what cannot be rebuilt, one transaction each; projections
 * whose description changed are made anew, empty, and stand in `staleTables` until they are rebuilt.
 *
 * A schema that is up to date costs one read.
 */
export async function prepareSchema(store: Store, tables: readonly Table[], readonly: boolean): Promise<void> {
  const wanted = sha256Hex(tables.map(fingerprintOf).join(" "));
  const found = await store.read(async (tx) => {
    const meta = await readMeta(sessionOf(tx));
    if (meta.get(VERSION) === String(migrations.length)) await loadStale(sessionOf(tx));
    return meta;
  });
  const version = Number(found.get(VERSION) ?? 0);
  if (version > migrations.length) throw new Failure("store.newer");
  const isFitting = found.get(TABLES) === wanted || (readonly && tables.length === 0);
  if (version === migrations.length && isFitting) return;
  if (readonly) {
    const problem = "its schema is of another version; run a command that writes, such as bursar sync, first";
    throw new Failure("store.io", { problem, path: "the database" });
  }
  for (let step = version; step < migrations.length; step++) await store.write((tx) => migrate(tx));
  await store.write((tx) => prepareTables(sessionOf(tx), tables, wanted));
}

/** Says that a tenant's rows of a projection have been built again from its records. */
export async function markRebuilt(tx: WriteTx, scope: Scope, table: string): Promise<void> {
  const session = sessionOf(tx);
  await session.run("delete from stale_tables where tenant_id = ? and name = ?", [scope.tenantId, table]);
  const names = await staleNames(session);
  session.done.push(() => session.tellStale(names));
}

/** Says that a tenant's rows are not to be believed until they have been built again from its records. */
export async function markStale(tx: WriteTx, scope: Scope, tables: readonly string[]): Promise<void> {
  const session = sessionOf(tx);
  for (const name of tables) {
    await session.run(
      "insert into stale_tables (tenant_id, name) values (?, ?) on conflict (tenant_id, name) do nothing",
      [scope.tenantId, name],
    );
  }
  await loadStale(session);
}

/** Projections of this tenant that wait to be built again. */
export async function listStale(tx: Tx, scope: Scope): Promise<string[]> {
  const sql = "select name from stale_tables where tenant_id = ? order by name";
  return (await sessionOf(tx).all(sql, [scope.tenantId])).map((row) => textOf(row, "name"));
}

/** Takes one step, if another process has not taken it meanwhile. */
async function migrate(tx: WriteTx): Promise<void> {
  const session = sessionOf(tx);
  await lockSchema(session);
  const version = Number((await readMeta(session)).get(VERSION) ?? 0);
  const next = migrations[version];
  if (!next) return;
  const types = session.engine === "sqlite" ? SQLITE_TYPES : POSTGRES_TYPES;
  if (version === 0) {
    await checkServer(session);
    await session.run(
      `create table if not exists meta (name ${types.text} not null primary key, value ${types.text} not null)`,
    );
  }
  for (const statement of next.statements(types)) await session.run(statement);
  await setMeta(session, VERSION, String(version + 1));
}

async function checkServer(session: Session): Promise<void> {
  if (session.engine === "sqlite") return;
  const row = await session.first("select current_setting('server_version_num')::bigint as version");
  const major = Math.floor(intOf(row!, "version") / 10_000);
  if (major < OLDEST_POSTGRES) {
    const problem = `PostgreSQL ${major} is too old; ${OLDEST_POSTGRES} or newer is needed`;
    throw new Failure("store.io", { problem, path: "the database" });
  }
}

async function prepareTables(session: Session, tables: readonly Table[], wanted: string): Promise<void> {
  await lockSchema(session);
  const meta = await readMeta(session);
  for (const table of tables) {
    const shape = JSON.stringify({ fingerprint: fingerprintOf(table), names: tableNames(table) });
    const before = meta.get(`table:${table.name}`);
    if (before === shape) continue;
    const names = before === undefined ? [] : (JSON.parse(before) as { names: string[] }).names;
    for (const name of names) await session.run(`drop table if exists ${name}`);
    for (const statement of createStatements(table, session.engine)) await session.run(statement);
    await setMeta(session, `table:${table.name}`, shape);
    // A tenant without records has nothing to rebuild.
    await session.run(
      `insert into stale_tables (tenant_id, name)
       select t.tenant_id, ?
       from tenants t
       where exists (select 1 from record_versions v where v.tenant_id = t.tenant_id)
       on conflict (tenant_id, name) do nothing`,
      [table.name],
    );
  }
  await setMeta(session, TABLES, wanted);
  await loadStale(session);
}

async function loadStale(session: Session): Promise<void> {
  const names = await staleNames(session);
  session.done.push(() => session.tellStale(names));
}

async function staleNames(session: Session): Promise<string[]> {
  return (await session.all("select distinct name from stale_tables order by name")).map((row) => textOf(row, "name"));
}

async function readMeta(session: Session): Promise<Map<string, string>> {
  const exists =
    session.engine === "sqlite"
      ? "select 1 from sqlite_master where type = 'table' and name = 'meta'"
      : // Read from the table of tables: to_regclass may remember that there was none before the lock was waited for.
        "select 1 from pg_tables where schemaname = current_schema() and tablename = 'meta'";
  if (!(await session.first(exists))) return new Map();
  const rows = await session.all("select name, value from meta");
  return new Map(rows.map((row) => [textOf(row, "name"), textOf(row, "value")]));
}

async function setMeta(session: Session, name: string, value: string): Promise<void> {
  const sql = "insert into meta (name, value) values (?, ?) on conflict (name) do update set value = excluded.value";
  await session.run(sql, [name, value]);
}

/** Two processes that open a new database at once: one makes the schema, the other finds it made. */
async function lockSchema(session: Session): Promise<void> {
  if (session.engine === "postgres") await session.first("select pg_advisory_xact_lock(7237117)");
}
