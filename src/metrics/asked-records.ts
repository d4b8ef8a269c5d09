import { DAY_MS } from "../domain/index.ts";
import type { DayNumber, Row, Scope, Span } from "../domain/index.ts";
import { streams } from "../source/index.ts";
import type { Stream } from "../source/index.ts";
import { storedVersions } from "../store/index.ts";
import type { StoredVersion, Tx } from "../store/index.ts";
import { isAsked, sumOf } from "./conflicted.ts";
import type { Quantity } from "./facts.ts";
import { readIdentities } from "./lookups.ts";
import { resolve, type Filter } from "./resolve.ts";
import type { Question } from "./types.ts";
import { quantitiesOf, rowsOfVersion } from "./version-rows.ts";

/** The last version of a record that a question is about, and what all of it comes to. */
export interface AskedRecord {
  readonly version: StoredVersion;
  /** Null where the source does not say. Money in pico-dollars. Empty for what counts nowhere: gone, conflicted, erased. */
  readonly amounts: ReadonlyMap<Quantity, bigint | null>;
}

export interface RecordsQuestion {
  /** Names of streams. */
  readonly streams: readonly string[];
  /** Days, for reports; of a list every object is read. */
  readonly span: Span;
  /** As it stood at the end of this day. */
  readonly asOf: DayNumber | null;
  /** Narrows reports to what its conditions and its population let through. */
  readonly narrowed: Pick<Question, "metric" | "where" | "population">;
}

/**
 * The records behind figures, stream by stream. A condition that looks inside a record, as on a model of a day of Claude
 * Code, keeps the whole record; one that is not met by any row of it leaves it out, the erased and the vanished too.
 *
 * @throws Failure `input.*` for conditions that the metric does not know.
 */
export async function* askedRecords(tx: Tx, scope: Scope, question: RecordsQuestion): AsyncGenerator<AskedRecord> {
  const { where, population } = resolve(question.narrowed);
  const who = await readIdentities(tx, scope);
  const past = question.asOf === null ? {} : { asOfMs: (question.asOf + 1) * DAY_MS };
  for (const stream of streams.filter(({ name }) => question.streams.includes(name))) {
    const isReport = stream.shape.kind === "report";
    const isNarrowed = isReport && (where.length > 0 || population !== "all");
    const span = isReport ? question.span : {};
    for await (const version of storedVersions(tx, scope, {
      stream: stream.name,
      ...span,
      ...past,
      currentOnly: true,
    })) {
      const rows = rowsOfVersion(version) ?? [];
      const isMeant = (row: Row) => tells(row, where) && isAsked(row, version.day!, where, population, who);
      if (isNarrowed && !rows.some(isMeant)) continue;
      yield { version, amounts: amountsOf(stream, version, rows) };
    }
  }
}

/** Whether a row says what it is asked for; of kinds of tokens every row has all. */
function tells({ table }: Row, where: readonly Filter[]): boolean {
  return where.every(({ dimension }) => dimension.id === "token_type" || dimension.columnsIn(table) !== null);
}

function amountsOf(stream: Stream, version: StoredVersion, rows: readonly Row[]): ReadonlyMap<Quantity, bigint | null> {
  if (version.state === "gone" || version.conflicted || version.payload === null) return new Map();
  return new Map(quantitiesOf(stream).map(({ quantity, fact }) => [quantity, sumOf(rows, quantity, fact, [])]));
}
