import type { Reply } from "../server/reply.ts";

/** A JSON object being spoilt. */
export type Fields = Record<string, unknown>;

/** Stands for text that JSON.stringify would not write, such as `1e3` or an integer above 2^53. */
export const rawNumber = (text: string): string => `@@raw:${text}@@`;

/** Stands for a member name that a plain object cannot hold twice, or at all. */
export const rawName = (name: string, copy = 0): string => `@@name:${copy}:${name}@@`;

/** JSON text in which the stand-ins have become what they stand for. */
export function spoiltJson(value: unknown): string {
  return JSON.stringify(value)
    .replace(/"@@raw:([^@]*)@@"/g, "$1")
    .replace(/"@@name:\d+:([^@]*)@@"/g, '"$1"');
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The reply's JSON object; undefined for errors and anything else, which data faults leave alone. */
export function goodBody(reply: Reply): Fields | undefined {
  if (reply.status !== 200 || typeof reply.body !== "string") return undefined;
  const body = parsedOrNull(reply.body);
  return isFields(body) ? body : undefined;
}

/** What a body says; null where another fault has broken it already. */
export function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The lists of rows inside a body: one per bucket of a report, else the one list, else the object alone. */
export function rowLists(body: Fields): Fields[][] {
  const data = body["data"];
  if (!Array.isArray(data)) return [[body]];
  const items = data.filter(isFields);
  const buckets = items.filter((item) => Array.isArray(item["results"]));
  if (buckets.length === 0) return [items];
  return buckets.map((bucket) => bucket["results"]).filter(isRowList);
}

function isRowList(value: unknown): value is Fields[] {
  return Array.isArray(value) && value.every(isFields);
}

/** All rows, or with `first` only the first one that there is. */
export function rowsOf(body: Fields, which: "all" | "first"): Fields[] {
  const rows = rowLists(body).flat();
  return which === "all" ? rows : rows.slice(0, 1);
}

/** Visits every member of a value, deepest last; the visitor may replace what it is shown. */
export function eachMember(value: unknown, visit: (holder: Fields, name: string) => void): void {
  if (Array.isArray(value)) for (const item of value) eachMember(item, visit);
  else if (isFields(value)) {
    for (const name of Object.keys(value)) {
      visit(value, name);
      eachMember(value[name], visit);
    }
  }
}
