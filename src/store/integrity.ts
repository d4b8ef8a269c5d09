import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { isFailure } from "../domain/index.ts";
import { sqliteFailure } from "./failures.ts";

/** A table of the embedded database whose pages are not sound. */
export interface DamagedTable {
  /** `sqlite_schema` when not even the tables can be told. */
  readonly table: string;
  readonly problem: string;
}

/** Findings of one look: more say the same again. */
const FINDINGS = 20;

/**
 * Reads every page of `<dataDir>/bursar.db` and names the tables whose pages are damaged, and what stands beside tables
 * that no version of ours makes. Opens nothing else, so that it
 * works on a file that no program can start with.
 *
 * @throws Failure `store.*` when the file cannot be read at all
 */
export function damagedTables(dataDir: string): DamagedTable[] {
  const path = join(dataDir, "bursar.db");
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: 30_000 });
    if (findings(database).length === 0) return strangers(database);
    // Something is: which table it is, each of them tells for itself.
    const damaged = tableNames(database).flatMap((table): DamagedTable[] => {
      const [problem] = findings(database!, table);
      return problem === undefined ? [] : [{ table, problem }];
    });
    return damaged.length > 0 ? damaged : [{ table: "sqlite_schema", problem: findings(database)[0]! }];
  } catch (thrown) {
    const failure = sqliteFailure(thrown, path);
    if (!isFailure(failure, "store.damaged")) throw failure;
    return [{ table: "sqlite_schema", problem: failure.message }];
  } finally {
    database?.close();
  }
}

/** Triggers and views do as they please whenever a table is written or read; whoever had the file may have put them there. */
function strangers(database: DatabaseSync): DamagedTable[] {
  const rows = database
    .prepare("select distinct type from sqlite_schema where type in ('trigger', 'view') order by type")
    .all();
  return rows.map(({ type }) => ({
    table: "sqlite_schema",
    problem: `it holds a ${String(type)}, which no version of Bursar makes`,
  }));
}

/** What SQLite finds in one table and its indexes, or in the whole file; a page that cannot even be read is one more. */
function findings(database: DatabaseSync, table?: string): string[] {
  const argument = table === undefined ? FINDINGS : `'${table.replaceAll("'", "''")}'`;
  try {
    const rows = database.prepare(`pragma integrity_check(${argument})`).all();
    const found = rows.map((row) => String(row["integrity_check"]));
    return found.length === 1 && found[0] === "ok" ? [] : found;
  } catch (thrown) {
    if (!isFailure(sqliteFailure(thrown, ""), "store.damaged")) throw thrown;
    return [thrown instanceof Error ? thrown.message : "cannot be read"];
  }
}

function tableNames(database: DatabaseSync): string[] {
  const rows = database.prepare("select name from sqlite_schema where type = 'table' order by name").all();
  return rows.map((row) => String(row["name"]));
}
