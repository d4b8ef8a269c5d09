/**
 * A table that is a projection of records: one description for the DDL, the bulk paths, the roll-ups, the rebuild,
 * the distribution rule and the metrics. `tenant_id` leads every key and is never written here.
 */
export interface Table {
  readonly name: string;
  readonly doc: string;
  /** Key columns after `tenant_id`. */
  readonly key: readonly string[];
  /** The key columns that name the record a row came from; a prefix in meaning, all of `key` unless rows fan out. */
  readonly recordKey: readonly string[];
  readonly columns: Readonly<Record<string, Column>>;
  /** Column by which Citus distributes the rows; must be in `key`. Tenant: small facts. Reference: a copy everywhere. */
  readonly distribute: string;
  readonly rollups: readonly Rollup[];
  /** Rare rows that questions look for: an index of them alone costs nothing where there are none. */
  readonly rare?: readonly RareRows[];
}

export interface RareRows {
  /** Ends the name of the index. */
  readonly name: string;
  readonly columns: readonly string[];
  /** SQL that both engines know; a query that has the same words finds the index. */
  readonly where: string;
}

/** Daily sums kept in the commit, so that a question over a year reads days and not rows. */
export interface Rollup {
  readonly name: string;
  /** Columns kept, `organization_id` and `day` first. */
  readonly by: readonly string[];
  readonly sums: readonly string[];
}

/**
 * - `day`: days since the epoch · `dim`: interned text, code 0 being null · `count`: 64-bit integer
 * - `pico`: pico-dollars in 64 bits · `text`: text as it is
 *
 * Measures (count, pico) are null when the source's value is missing or unreadable: null is not zero.
 */
export type Column =
  | { readonly kind: "day" }
  | { readonly kind: "dim"; readonly dim: string }
  | { readonly kind: "count" }
  | { readonly kind: "pico" }
  | { readonly kind: "text" };

export const day = (): Column => ({ kind: "day" });
/** @param dim namespace of the codes; columns that hold the same things share one. */
export const dim = (dim: string): Column => ({ kind: "dim", dim });
export const count = (): Column => ({ kind: "count" });
export const pico = (): Column => ({ kind: "pico" });
export const text = (): Column => ({ kind: "text" });

/** Before interning: a `dim` or `text` as text or null, `day` and `count` as number or bigint, `pico` as bigint. */
export type RowValue = string | number | bigint | null;
export interface Row {
  readonly table: Table;
  readonly values: Readonly<Record<string, RowValue>>;
}

export const TENANT = "tenant_id";
export const REFERENCE = "reference";

/** Checks what the types cannot: that every named column exists and the distribution column is in the key. */
export function defineTable(
  spec: Omit<Table, "recordKey" | "rollups" | "rare" | "columns"> &
    Partial<Pick<Table, "recordKey" | "rollups" | "rare">> &
    Pick<Table, "columns">,
): Table {
  const table: Table = { ...spec, recordKey: spec.recordKey ?? spec.key, rollups: spec.rollups ?? [] };
  const named = [...table.key, ...table.recordKey, ...table.rollups.flatMap((r) => [...r.by, ...r.sums])];
  for (const { columns } of table.rare ?? []) named.push(...columns);
  const missing = named.find((name) => !(name in table.columns));
  if (missing) throw new TypeError(`${table.name} names the column ${missing}, which it does not have`);
  const inKey = table.distribute === TENANT || table.distribute === REFERENCE || table.key.includes(table.distribute);
  if (!inKey) throw new TypeError(`${table.name} distributes by ${table.distribute}, which its key does not hold`);
  return table;
}
