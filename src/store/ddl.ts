import { REFERENCE, TENANT, type Column, type Rollup, type Table } from "../domain/index.ts";
import { canonicalJson, sha256Hex } from "../ledger/index.ts";
import type { BulkColumn, SqlType } from "./connection.ts";
import { POSTGRES_TYPES, SQLITE_TYPES } from "./migrations/migration.ts";

/** Raise when this file makes other tables of the same description, so that they are built again. */
const DDL_VERSION = 1;

/**
 * Names a table's shape: equal as long as its rows need not be built again. Its `doc` does not count; the order of
 * its columns does.
 */
export function fingerprintOf(table: Table): string {
  const { name, key, recordKey, columns, distribute, rollups, rare } = table;
  const shape = { name, key, recordKey, columns: Object.entries(columns), distribute, rollups, rare };
  return sha256Hex(canonicalJson([DDL_VERSION, JSON.parse(JSON.stringify(shape))])).slice(0, 32);
}

/** The tables that hold a projection and its daily sums, and the indexes of rare rows. Their names come from the catalog, never from a request. */
export function createStatements(table: Table, engine: "sqlite" | "postgres"): string[] {
  for (const name of [table.name, ...Object.keys(table.columns), ...table.rollups.map((rollup) => rollup.name)]) {
    if (!/^[a-z][a-z0-9_]{0,50}$/.test(name)) throw new TypeError(`${name} cannot name a table or column`);
  }
  const own = createTable(table.name, Object.keys(table.columns), table.key, table, engine);
  const sums = table.rollups.map((rollup) =>
    createTable(rollup.name, [...rollup.by, ...rollup.sums], rollup.by, table, engine),
  );
  const rare = (table.rare ?? []).map(
    ({ name, columns, where }) =>
      `create index ${table.name}_${name} on ${table.name} (${[TENANT, ...columns].join(", ")}) where ${where}`,
  );
  return [own, ...sums, ...rare];
}

export function tableNames(table: Table): string[] {
  return [table.name, ...table.rollups.map((rollup) => rollup.name)];
}

/** `tenant_id` and the columns in the order of their description. */
export function bulkColumns(table: Table): BulkColumn[] {
  return [TENANT_COLUMN, ...Object.keys(table.columns).map((name) => bulkColumn(table, name))];
}

export function bulkColumn(table: Table, name: string): BulkColumn {
  return { name, type: sqlType(columnOf(table, name)) };
}

export function columnOf(table: Table, name: string): Column {
  const column = table.columns[name];
  if (!column) throw new TypeError(`${table.name} has no column ${name}`);
  return column;
}

/** The column by which Citus distributes a roll-up: as its table's where it keeps that column. */
export function rollupDistribution(table: Table, rollup: Rollup): string {
  return table.distribute === REFERENCE || rollup.by.includes(table.distribute) ? table.distribute : TENANT;
}

export const TENANT_COLUMN: BulkColumn = { name: TENANT, type: "int" };

function createTable(
  name: string,
  columns: readonly string[],
  key: readonly string[],
  table: Table,
  engine: "sqlite" | "postgres",
): string {
  const types = engine === "sqlite" ? SQLITE_TYPES : POSTGRES_TYPES;
  const lines = columns.map((column) => {
    const { kind } = columnOf(table, column);
    // Days and codes are always there; a measure may be unknown, and a text outside the key too.
    const required = kind === "day" || kind === "dim" || key.includes(column) ? " not null" : "";
    return `  ${column} ${types[sqlType(columnOf(table, column))]}${required}`;
  });
  return [
    `create table ${name} (`,
    `  tenant_id ${types.int} not null,`,
    ...lines.map((line) => `${line},`),
    `  primary key (${[TENANT, ...key].join(", ")})`,
    `)${types.keyed}`,
  ].join("\n");
}

function sqlType(column: Column): SqlType {
  return column.kind === "text" ? "text" : "int";
}
