import type { SqlRow } from "./connection.ts";

/** Columns of a row whose type the schema guarantees; anything else is a bug and throws. */

export function bigOf(row: SqlRow, name: string): bigint {
  const value = row[name];
  if (typeof value === "bigint") return value;
  throw new TypeError(`${name} is no integer`);
}

export function intOf(row: SqlRow, name: string): number {
  return Number(bigOf(row, name));
}

export function intOrNull(row: SqlRow, name: string): number | null {
  return row[name] === null ? null : intOf(row, name);
}

export function textOf(row: SqlRow, name: string): string {
  const value = row[name];
  if (typeof value === "string") return value;
  throw new TypeError(`${name} is no text`);
}

export function textOrNull(row: SqlRow, name: string): string | null {
  return row[name] === null ? null : textOf(row, name);
}

export function blobOf(row: SqlRow, name: string): Buffer {
  const value = row[name];
  if (Buffer.isBuffer(value)) return value;
  throw new TypeError(`${name} is no blob`);
}

export function blobOrNull(row: SqlRow, name: string): Buffer | null {
  return row[name] === null ? null : blobOf(row, name);
}

/**
 * The value, which the caller knows to be one of `choices` because only we write the column.
 */
export function oneOf<T extends string>(row: SqlRow, name: string, choices: readonly T[]): T {
  const value = row[name];
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new TypeError(`${name} is ${String(value)}`);
  return found;
}

/**
 * Days as runs without a hole, oldest first, `to` not held. Statements take a run's bounds as parameters: their text
 * stays the same, so that it is prepared once.
 */
export function dayRuns(days: Iterable<number>): { readonly from: number; readonly to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (const day of [...new Set(days)].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last?.to === day) last.to = day + 1;
    else runs.push({ from: day, to: day + 1 });
  }
  return runs;
}
