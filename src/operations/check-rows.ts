import { createHash } from "node:crypto";

import { dayText, type Row, type RowValue, type Scope, type Table } from "../domain/index.ts";
import type { VerifyFailure } from "../ledger/index.ts";
import type { Stream } from "../source/index.ts";
import {
  listOrganizations,
  rowsSpelled,
  storedVersions,
  type SpelledRow,
  type StoredVersion,
  type Tx,
} from "../store/index.ts";
import { projectVersion } from "../sync/index.ts";
import { ExpectedActive } from "./check-active.ts";
import type { OperationContext } from "./context.ts";
import { step } from "./step.ts";

export interface RowsAsked {
  /** Name the keys of rows that differ, which may be people's: for the operator alone. */
  readonly nameKeys?: boolean;
}

/**
 * Compares every row, roll-up and active day with what the current records say, without changing anything.
 *
 * Sums of row hashes are compared day by day, so that memory does not grow with the rows; a difference names the table
 * and the day.
 */
export async function checkRows(
  context: OperationContext,
  { nameKeys = false }: RowsAsked = {},
): Promise<{ checked: number; failures: VerifyFailure[] }> {
  const { store, scope, streams } = context;
  let checked = 0;
  const failures: VerifyFailure[] = [];
  for (const stream of streams) {
    await store.read(async (tx) => {
      for (const organizationId of await listOrganizations(tx, scope)) {
        step(context, `comparing rows of ${stream.name} with records`);
        // So that whoever waits for another answer gets it, and a wish to stop is heard.
        await new Promise((resolve) => setImmediate(resolve));
        const wanted = new Map(stream.tables.map((table) => [table.name, new Expected(table)]));
        const active = stream.tables.flatMap((table) => ExpectedActive.of(table) ?? []);
        for await (const version of storedVersions(tx, scope, {
          stream: stream.name,
          organizationId,
          currentOnly: true,
        })) {
          for (const row of rowsOrNone(stream, version)) {
            wanted.get(row.table.name)?.add(row);
            for (const one of active) one.add(row);
          }
        }
        for (const table of stream.tables) {
          const expected = wanted.get(table.name)!;
          checked += expected.rows.count;
          for (const { name, day } of await compare(tx, scope, table, organizationId, expected)) {
            const place = { stream, table, name, organizationId, day };
            const keys = nameKeys ? await differingKeys(tx, scope, place) : [];
            failures.push(difference(name, organizationId, day, keys));
          }
        }
        for (const one of active) {
          for (const day of await one.differing(tx, scope, organizationId)) {
            failures.push(difference("active_days", organizationId, day));
          }
        }
      }
    });
  }
  return { checked, failures };
}

/** Tables and roll-ups, each with a day on which they differ. */
async function compare(
  tx: Tx,
  scope: Scope,
  table: Table,
  organizationId: string,
  expected: Expected,
): Promise<{ name: string; day: number }[]> {
  const found = new Sums();
  for await (const row of rowsSpelled(tx, scope, table, organizationId)) found.add(row);
  const differing = expected.rows.differing(found).map((day) => ({ name: table.name, day }));
  for (const [name, rows] of expected.rollups()) {
    const wanted = new Sums();
    for (const row of rows) wanted.add(row);
    const foundRollup = new Sums();
    for await (const row of rowsSpelled(tx, scope, table, organizationId, name)) foundRollup.add(row);
    differing.push(...wanted.differing(foundRollup).map((day) => ({ name, day })));
  }
  return differing;
}

interface Place {
  readonly stream: Stream;
  readonly table: Table;
  /** Of the table, or of one of its roll-ups. */
  readonly name: string;
  readonly organizationId: string;
  readonly day: number;
}

/** Keys of the rows of one day that are there and should not be, or the reverse, or say something else. */
async function differingKeys(
  tx: Tx,
  scope: Scope,
  { stream, table, name, organizationId, day }: Place,
): Promise<string[]> {
  const rollup = table.rollups.find((one) => one.name === name);
  const key = (rollup?.by ?? table.key).filter((column) => column !== "organization_id" && column !== "day");
  const keyOf = (row: SpelledRow) => JSON.stringify(key.map((column) => row[column] ?? null));
  const span = day === NO_DAY ? {} : { from: day, to: day + 1 };
  const expected = new Expected(table);
  const wanted = new Map<string, string>();
  for await (const version of storedVersions(tx, scope, {
    stream: stream.name,
    organizationId,
    currentOnly: true,
    ...span,
  })) {
    for (const row of rowsOrNone(stream, version)) {
      if (row.table.name !== table.name) continue;
      expected.add(row);
      const spelled = spell(table, row);
      if (rollup === undefined) wanted.set(keyOf(spelled), textOf(spelled));
    }
  }
  for (const [of, rows] of expected.rollups()) {
    if (of === name) for (const row of rows) wanted.set(keyOf(row), textOf(row));
  }
  const keys = new Set(wanted.keys());
  for await (const row of rowsSpelled(tx, scope, table, organizationId, rollup?.name)) {
    if (dayOf(row) !== day) continue;
    const own = keyOf(row);
    if (wanted.get(own) === textOf(row)) keys.delete(own);
    else keys.add(own);
  }
  return [...keys];
}

/** A payload that cannot be read is told where the leaves are checked; no row stands for it. */
function rowsOrNone(stream: Stream, version: StoredVersion): Row[] {
  try {
    return projectVersion(stream, version);
  } catch {
    return [];
  }
}

const KEYS_TOLD = 3;

function difference(table: string, organizationId: string, day: number, keys: readonly string[] = []): VerifyFailure {
  const told = keys.slice(0, KEYS_TOLD).join(", ");
  const more = keys.length > KEYS_TOLD ? ` and ${keys.length - KEYS_TOLD} more` : "";
  return {
    file: `table ${table}`,
    what: `rows of ${organizationId}${day === NO_DAY ? "" : ` on ${dayText(day)}`} are not what the records say${told === "" ? "" : ` (${told}${more})`}; bursar doctor --rebuild mends them`,
  };
}

const NO_DAY = -1;

/** What the records say that a table and its roll-ups hold. */
class Expected {
  readonly rows = new Sums();
  readonly #table: Table;
  readonly #groups: Map<string, { by: SpelledRow; sums: (bigint | null)[] }>[];

  constructor(table: Table) {
    this.#table = table;
    this.#groups = table.rollups.map(() => new Map());
  }

  add(row: Row): void {
    const spelled = spell(this.#table, row);
    this.rows.add(spelled);
    for (const [at, { by, sums }] of this.#table.rollups.entries()) {
      const place = Object.fromEntries(by.map((name) => [name, spelled[name] ?? null]));
      const key = JSON.stringify(Object.values(place));
      const group = this.#groups[at]!.get(key) ?? { by: place, sums: sums.map(() => null) };
      for (const [i, name] of sums.entries()) {
        const value = spelled[name];
        // A sum is null when every row's value is; it leaves nulls out otherwise.
        if (value !== null && value !== undefined) group.sums[i] = (group.sums[i] ?? 0n) + BigInt(value);
      }
      this.#groups[at]!.set(key, group);
    }
  }

  *rollups(): Generator<[name: string, rows: SpelledRow[]]> {
    for (const [at, rollup] of this.#table.rollups.entries()) {
      const rows = [...this.#groups[at]!.values()].map(({ by, sums }): SpelledRow => {
        const totals = rollup.sums.map((name, i) => [name, sums[i]?.toString() ?? null] as const);
        return { ...by, ...Object.fromEntries(totals) };
      });
      yield [rollup.name, rows];
    }
  }
}

/** As `rowsSpelled` writes it. */
function spell(table: Table, { values }: Row): SpelledRow {
  return Object.fromEntries(
    Object.entries(table.columns).map(([name, column]) => {
      const value: RowValue = values[name] ?? null;
      if (value === null) return [name, null];
      if (column.kind === "day") return [name, Number(value)];
      return [name, String(value)];
    }),
  );
}

/** Row hashes added up by day: the same rows in any order give the same sums, and a row too many or too few does not. */
class Sums {
  readonly #days = new Map<number, bigint>();
  count = 0;

  add(row: SpelledRow): void {
    const at = dayOf(row);
    const digest = BigInt(`0x${createHash("sha256").update(textOf(row)).digest("hex")}`);
    this.#days.set(at, BigInt.asUintN(256, (this.#days.get(at) ?? 0n) + digest));
    this.count += 1;
  }

  differing(other: Sums): number[] {
    const days = new Set([...this.#days.keys(), ...other.#days.keys()]);
    return [...days].filter((day) => this.#days.get(day) !== other.#days.get(day)).toSorted((a, b) => a - b);
  }
}

function dayOf({ day }: SpelledRow): number {
  return typeof day === "number" ? day : NO_DAY;
}

/** The same for the same row, whatever the order of its columns. */
function textOf(row: SpelledRow): string {
  return JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
}
