import type { DayNumber, Json, JsonObject, Row } from "../domain/index.ts";
import type { Stream } from "../source/index.ts";

/** A member of a record that could not be read as what it should be; the record itself is kept whole. */
export interface Problem {
  readonly path: string;
  readonly what: string;
  /** False: it was read as it stands and is only odd (a negative count), so the window is no less complete. */
  readonly unreadable: boolean;
  readonly key: readonly Json[];
}

export interface Projectable {
  readonly key: readonly Json[];
  readonly day: DayNumber | null;
  /** Null for a conflicted record: no row stands for it. */
  readonly data: JsonObject | null;
}

/** The rows that a record stands for; what could not be read is added to `problems`. */
export function rowsOf(stream: Stream, organizationId: string, record: Projectable, problems: Problem[]): Row[] {
  const { key, day, data } = record;
  if (data === null) return [];
  return stream.rows({ organizationId, day, key, data }, (path, what, severity) =>
    problems.push({ path, what, key, unreadable: severity !== "odd" }),
  );
}
