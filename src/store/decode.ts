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

/** Days as the inside of `in (…)`: whole numbers of ours, so they may stand in the text. */
export function dayList(days: Iterable<number>): string {
  const list = [...new Set(days)].sort((a, b) => a - b);
  if (!list.every(Number.isSafeInteger)) throw new TypeError("a day that is no whole number");
  return list.join(",");
}
