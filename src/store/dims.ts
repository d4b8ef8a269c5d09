import { intOf, intOrNull, textOf } from "./decode.ts";
import { sessionOf, type Session } from "./session.ts";
import type { Scope, Tx, WriteTx } from "./types.ts";

/** The code of null in every dim. It is never stored in `dims`. */
export const NULL_CODE = 0;

/**
 * Codes of the values, made where they are new. Codes of one dim run from 1 without holes.
 */
export async function codesOf(
  tx: WriteTx,
  scope: Scope,
  dim: string,
  values: Iterable<string | null>,
): Promise<Map<string | null, number>> {
  const session = sessionOf(tx);
  const { codes, unknown } = await known(session, scope, dim, values);
  if (unknown.length > 0) {
    for (const [value, code] of await intern(session, scope, dim, unknown)) codes.set(value, code);
  }
  return codes;
}

/** The code of one value, made when it is new. */
export async function codeOf(tx: WriteTx, scope: Scope, dim: string, value: string | null): Promise<number> {
  return (await codesOf(tx, scope, dim, [value])).get(value)!;
}

/** Codes of those values that have one. */
export async function lookupCodes(
  tx: Tx,
  scope: Scope,
  dim: string,
  values: Iterable<string | null>,
): Promise<Map<string | null, number>> {
  return (await known(sessionOf(tx), scope, dim, values)).codes;
}

/** The code of one value, or null when nothing was ever stored under it. */
export async function findCode(tx: Tx, scope: Scope, dim: string, value: string | null): Promise<number | null> {
  return (await lookupCodes(tx, scope, dim, [value])).get(value) ?? null;
}

/** Every code of a dim with its text. */
export async function dimValues(tx: Tx, scope: Scope, dim: string): Promise<Map<number, string>> {
  const sql = "select code, value from dims where tenant_id = ? and dim = ?";
  const rows = await sessionOf(tx).all(sql, [scope.tenantId, dim]);
  return new Map(rows.map((row) => [intOf(row, "code"), plainText(textOf(row, "value"))]));
}

/**
 * Codes and texts of a dim that meet a condition on `value`, which is SQL of ours and never of a request.
 *
 * A dim only grows until texts are forgotten, and a text keeps its code, so what was looked at once is remembered: of a hundred thousand actors
 * a later question looks at the new ones alone.
 */
export async function dimValuesWhere(
  tx: Tx,
  scope: Scope,
  dim: string,
  condition: string,
): Promise<ReadonlyMap<number, string>> {
  const session = sessionOf(tx);
  const { tenantId } = scope;
  const last = await session.first("select max(code) as code from dims where tenant_id = ? and dim = ?", [
    tenantId,
    dim,
  ]);
  const upTo = intOrNull(last!, "code") ?? 0;
  const era = await session.dimEra(tenantId);
  const remembered = session.dims.matches(tenantId, era, dim, condition);
  // Fewer than are remembered: this transaction looks at an earlier state.
  const known = remembered && remembered.upTo <= upTo ? remembered : undefined;
  if (known?.upTo === upTo) return known.texts;
  const rows = await session.all(
    `select code, value from dims where tenant_id = ? and dim = ?${known ? " and code > ?" : ""} and (${condition})`,
    [tenantId, dim, ...(known ? [known.upTo] : [])],
  );
  const texts = new Map(known?.texts);
  for (const row of rows) texts.set(intOf(row, "code"), plainText(textOf(row, "value")));
  // Codes of a transaction that does not happen will be given to other values.
  session.done.push(() => session.dims.setMatches(tenantId, era, dim, condition, { upTo, texts }));
  return texts;
}

/**
 * Text as both engines can keep it: PostgreSQL refuses U+0000. U+FFFE stands for no character, so it can escape.
 */
export function storableText(text: string): string {
  return /[\0\uFFFE]/.test(text) ? text.replaceAll("\uFFFE", "\uFFFE1").replaceAll("\0", "\uFFFE0") : text;
}

/** What `storableText` was given. */
export function plainText(stored: string): string {
  return stored.includes("\uFFFE") ? stored.replaceAll("\uFFFE0", "\0").replaceAll("\uFFFE1", "\uFFFE") : stored;
}

async function known(
  session: Session,
  scope: Scope,
  dim: string,
  values: Iterable<string | null>,
): Promise<{ codes: Map<string | null, number>; unknown: string[] }> {
  const cache = session.dims.get(scope.tenantId, await session.dimEra(scope.tenantId), dim);
  const codes = new Map<string | null, number>();
  const misses = new Set<string>();
  for (const value of values) {
    if (value === null) codes.set(null, NULL_CODE);
    else {
      const code = cache.get(value);
      if (code === undefined) misses.add(value);
      else codes.set(value, code);
    }
  }
  // Another process may have made them, or an earlier run of this one.
  for (const [value, code] of await select(session, scope, dim, [...misses])) {
    cache.set(value, code);
    codes.set(value, code);
    misses.delete(value);
  }
  return { codes, unknown: [...misses] };
}

async function intern(session: Session, scope: Scope, dim: string, values: string[]): Promise<Map<string, number>> {
  const { tenantId } = scope;
  // Taking the counter's row first makes a second process wait here until the first one's codes can be seen.
  const counter = await session.first(
    `insert into dim_counters (tenant_id, dim, last_code) values (?, ?, 0)
     on conflict (tenant_id, dim) do update set last_code = dim_counters.last_code
     returning last_code`,
    [tenantId, dim],
  );
  const codes = session.engine === "postgres" ? await select(session, scope, dim, values) : new Map<string, number>();
  const fresh = values.filter((value) => !codes.has(value));
  let last = intOf(counter!, "last_code");
  const rows = fresh.map((value) => [tenantId, dim, ++last, storableText(value)] as const);
  await session.insertRows("dims", DIM_COLUMNS, rows);
  await session.run("update dim_counters set last_code = ? where tenant_id = ? and dim = ?", [last, tenantId, dim]);
  const cache = session.dims.get(tenantId, await session.dimEra(tenantId), dim);
  fresh.forEach((value, at) => codes.set(value, rows[at]![2]));
  for (const [value, code] of codes) cache.set(value, code);
  // Codes of a transaction that did not happen will be given to other values.
  session.undone.push(() => fresh.forEach((value) => cache.delete(value)));
  return codes;
}

const DIM_COLUMNS = [
  { name: "tenant_id", type: "int" },
  { name: "dim", type: "text" },
  { name: "code", type: "int" },
  { name: "value", type: "text" },
] as const;

/** Values asked for in one statement. */
const BATCH = 500;

async function select(session: Session, scope: Scope, dim: string, values: string[]): Promise<Map<string, number>> {
  const codes = new Map<string, number>();
  for (let from = 0; from < values.length; from += BATCH) {
    const batch = values.slice(from, from + BATCH).map(storableText);
    const places = batch.map(() => "?").join(", ");
    // As the index has it; see `longText` of the migrations.
    const condition =
      session.engine === "sqlite"
        ? `value in (${places})`
        : `md5(value) in (${batch.map(() => "md5(?)").join(", ")}) and value in (${places})`;
    const rows = await session.all(`select code, value from dims where tenant_id = ? and dim = ? and ${condition}`, [
      scope.tenantId,
      dim,
      ...(session.engine === "sqlite" ? batch : [...batch, ...batch]),
    ]);
    for (const row of rows) codes.set(plainText(textOf(row, "value")), intOf(row, "code"));
  }
  return codes;
}
