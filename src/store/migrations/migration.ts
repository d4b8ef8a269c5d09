/** How an engine spells a column type, and what ends a `create table`. */
export interface TypeMap {
  readonly int: string;
  /** Ordered by bytes on both engines. */
  readonly text: string;
  readonly blob: string;
  /** For narrow tables that are always reached by their key: the table is its key's index. */
  readonly keyed: string;
  /** For tables that grow at their end with wide rows. */
  readonly heap: string;
  /** What to index when a text may be too long for an index entry and only equality is asked. */
  longText(column: string): string;
}

/** One step of what cannot be rebuilt from records. */
export interface Migration {
  readonly name: string;
  statements(types: TypeMap): string[];
}

export const SQLITE_TYPES: TypeMap = {
  int: "integer",
  text: "text",
  blob: "blob",
  keyed: " strict, without rowid",
  heap: " strict",
  longText: (column) => column,
};

export const POSTGRES_TYPES: TypeMap = {
  int: "bigint",
  text: 'text collate "C"',
  blob: "bytea",
  keyed: "",
  heap: "",
  // An index entry of PostgreSQL holds at most 2,704 bytes.
  longText: (column) => `md5(${column})`,
};
