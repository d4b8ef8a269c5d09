import { createHash } from "node:crypto";

import { dayText, type Row, type RowValue, type Table } from "../domain/index.ts";
import type { VerifyFailure } from "../ledger/index.ts";
import { listOrganizations, rowsSpelled, storedVersions, type SpelledRow, type Tx } from "../store/index.ts";
import { projectVersion } from "../sync/index.ts";
import { ExpectedActive } from "./check-active.ts";
import type { OperationContext } from "./context.ts";
import { step } from "./step.ts";

/**
 * Compares every row, roll-up and active day with what the current records say, without changing anything.
 *
 * Sums of row hashes are compared day by day, so that memory does not grow with the rows; a difference names the table
 * and the day.
 */
export async function checkRows(context: OperationContext): Promise<{ checked: number; failures: VerifyFailure[] }> {
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
          for (const row of projectVersion(stream, version)) {
            wanted.get(row.table.name)?.add(row);
            for (const one of active) one.add(row);
          }
        }
        for (const table of stream.tables) {
          const expected = wanted.get(table.name)!;
          checked += expected.rows.count;
          failures.push(...(await compare(tx, context, table, organizationId, expected)));
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

async function compare(
  tx: Tx,
  { scope }: OperationContext,
  table: Table,
  organizationId: string,
  expected: Expected,
): Promise<VerifyFailure[]> {
  const found = new Sums();
  for await (const row of rowsSpelled(tx, scope, table, organizationId)) found.add(row);
  const failures = differences(table.name, organizationId, expected.rows, found);
  for (const [name, rollup] of expected.rollups()) {
    const foundRollup = new Sums();
    for await (const row of rowsSpelled(tx, scope, table, organizationId, name)) foundRollup.add(row);
    failures.push(...differences(name, organizationId, rollup, foundRollup));
  }
  return failures;
}

function differences(table: string, organizationId: string, expected: Sums, found: Sums): VerifyFailure[] {
  return expected.differing(found).map((day) => difference(table, organizationId, day));
}

function difference(table: string, organizationId: string, day: number): VerifyFailure {
  return {
    file: `table ${table}`,
    what: `rows of ${organizationId}${day === NO_DAY ? "" : ` on ${dayText(day)}`} are not what the records say; bursar doctor --rebuild mends them`,
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

  *rollups(): Generator<[name: string, rows: Sums]> {
    for (const [at, rollup] of this.#table.rollups.entries()) {
      const sums = new Sums();
      for (const group of this.#groups[at]!.values()) {
        const totals = rollup.sums.map((name, i) => [name, group.sums[i]?.toString() ?? null] as const);
        sums.add({ ...group.by, ...Object.fromEntries(totals) });
      }
      yield [rollup.name, sums];
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
    const { day } = row;
    const at = typeof day === "number" ? day : NO_DAY;
    const text = JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
    const digest = BigInt(`0x${createHash("sha256").update(text).digest("hex")}`);
    this.#days.set(at, BigInt.asUintN(256, (this.#days.get(at) ?? 0n) + digest));
    this.count += 1;
  }

  differing(other: Sums): number[] {
    const days = new Set([...this.#days.keys(), ...other.#days.keys()]);
    return [...days].filter((day) => this.#days.get(day) !== other.#days.get(day)).toSorted((a, b) => a - b);
  }
}
