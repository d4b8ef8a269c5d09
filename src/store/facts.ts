import type { Row, RowValue } from "../domain/index.ts";
import type { BulkColumn, SqlValue } from "./connection.ts";
import { bulkColumn, bulkColumns, columnOf, TENANT_COLUMN, tableNames } from "./ddl.ts";
import { codesOf, NULL_CODE, storableText } from "./dims.ts";
import { sessionOf } from "./session.ts";
import type { RecordRows, Scope, Table, WriteTx } from "./types.ts";

export interface RowChanges {
  /**
   * Records whose rows go: those that had an earlier version, in every table in which that version had rows. Naming
   * one twice does no harm, so the rows of the earlier version will do.
   */
  readonly deletes: readonly RecordRows[];
  /** Rows that come. */
  readonly inserts: readonly Row[];
}

/**
 * Puts the rows of changed records in the place of their earlier ones. Roll-ups are refreshed by the caller, by day.
 *
 * @returns how many rows share their key with another record's row and were left out: the records are kept, but a total
 * must not hold both.
 */
export async function replaceRecordRows(tx: WriteTx, scope: Scope, changes: RowChanges): Promise<number> {
  const session = sessionOf(tx);
  for (const [table, records] of byTable(changes.deletes)) {
    const columns = [TENANT_COLUMN, ...table.recordKey.map((name) => bulkColumn(table, name))];
    const keys = await encoded(tx, scope, table, table.recordKey, records);
    const once = new Map(keys.map((key) => [JSON.stringify(key, bigintAsText), key]));
    await session.deleteRows(table.name, columns, [...once.values()]);
  }
  let leftOut = 0;
  for (const [table, rows] of byTable(changes.inserts)) {
    const columns: BulkColumn[] = bulkColumns(table);
    const values = await encoded(tx, scope, table, Object.keys(table.columns), rows);
    leftOut += rows.length - (await session.insertRows(table.name, columns, values, "on conflict do nothing"));
  }
  return leftOut;
}

/** Empties a projection and its roll-ups for this tenant: the first step of building it again. */
export async function clearFacts(tx: WriteTx, scope: Scope, table: Table): Promise<void> {
  for (const name of tableNames(table)) {
    await sessionOf(tx).run(`delete from ${name} where tenant_id = ?`, [scope.tenantId]);
  }
}

function byTable<T extends { readonly table: Table }>(items: readonly T[]): Map<Table, T[]> {
  return Map.groupBy(items, (item) => item.table);
}

/** The named columns of each row, after `tenant_id`, with dims as codes. Column by column: neighbours are often equal. */
async function encoded(
  tx: WriteTx,
  scope: Scope,
  table: Table,
  names: readonly string[],
  rows: readonly RecordRows[],
): Promise<SqlValue[][]> {
  const out: SqlValue[][] = rows.map(() => [scope.tenantId]);
  for (const name of names) {
    const column = columnOf(table, name);
    if (column.kind === "dim") {
      const texts = rows.map((row) => dimText(table, name, valueOf(row, name)));
      const codes = await codesOf(tx, scope, column.dim, distinct(texts));
      let text: string | null = null;
      let code = NULL_CODE;
      for (let at = 0; at < texts.length; at += 1) {
        if (texts[at] !== text) {
          text = texts[at]!;
          code = codes.get(text)!;
        }
        out[at]!.push(code);
      }
      continue;
    }
    for (let at = 0; at < rows.length; at += 1) {
      const value = valueOf(rows[at]!, name);
      out[at]!.push(typeof value === "string" ? storableText(value) : value);
    }
  }
  return out;
}

function distinct(texts: readonly (string | null)[]): Set<string | null> {
  const found = new Set<string | null>();
  texts.forEach((text, at) => {
    if (at === 0 || text !== texts[at - 1]) found.add(text);
  });
  return found;
}

function valueOf({ table, values }: RecordRows, name: string): RowValue {
  const value = values[name];
  // Null is a statement of the source; leaving a column out is a slip of ours.
  if (value === undefined) throw new TypeError(`a row of ${table.name} has no ${name}`);
  return value;
}

function dimText(table: Table, name: string, value: RowValue): string | null {
  if (value === null || typeof value === "string") return value;
  throw new TypeError(`${table.name}.${name} holds text, not ${typeof value}`);
}

function bigintAsText(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}` : value;
}
