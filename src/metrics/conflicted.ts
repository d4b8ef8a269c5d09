import { dayText } from "../domain/index.ts";
import type { DayNumber, Population, Row, Span } from "../domain/index.ts";
import { conflictedRecords } from "../store/index.ts";
import type { Asking } from "./asking.ts";
import type { Choice } from "./choose.ts";
import type { Dimension } from "./dimensions.ts";
import { populationColumns, populationOf } from "./dimensions.ts";
import type { Fact, Quantity, RowRule } from "./facts.ts";
import type { Identities } from "./identity.ts";
import type { Filter } from "./resolve.ts";
import { columnsAsked } from "./sums.ts";
import { added } from "./tally.ts";
import { shown } from "./values.ts";
import { rowsOfVersion } from "./version-rows.ts";

/**
 * Counts the records of the range of which upstream gave two contradicting rows, and says on which days and what all
 * their rows together come to: they stay out of every total, and out of sight nobody would miss them.
 */
export async function countConflicted(
  asking: Asking,
  choices: readonly Choice[],
  quantities: readonly Quantity[],
  span: Span,
): Promise<number> {
  const found = await affected(asking, choices, span);
  if (found.length === 0) return 0;
  const { metric, where } = asking.resolved;
  const together = found
    .flatMap(({ rows, facts }) => quantities.map((quantity) => sumOf(rows, quantity, facts.get(quantity)!, where)))
    .reduce<bigint | null>(added, null);
  const isMoney = quantities.some((quantity) => quantity.includes("cost"));
  const what = metric.measure.kind === "sum" ? metric.unit : quantities.join(" + ");
  const one = found.length === 1;
  const sum = shown(together ?? 0n, isMoney ? "usd" : "count");
  const message =
    `${one ? "1 record was" : `${found.length} records were`} given more than once with different values, ` +
    `on ${daysText(found.map(({ day }) => day))}; ${one ? "it stays" : "they stay"} out of every total.` +
    (quantities.length > 0 ? ` All ${one ? "its" : "their"} rows together say ${sum} ${what}.` : "");
  asking.warnings.push({ code: "conflicted_records", message });
  return found.length;
}

/** A conflicted record that the question is about, with those of its rows that it would have summed. */
interface Affected {
  readonly day: DayNumber;
  readonly rows: readonly Row[];
  readonly facts: ReadonlyMap<Quantity, Fact>;
}

async function affected(asking: Asking, choices: readonly Choice[], span: Span): Promise<Affected[]> {
  const { tx, scope } = asking;
  const { where, population } = asking.resolved;
  const found: Affected[] = [];
  for (const { facts, organizations } of choices) {
    const ids = new Set(organizations.map(({ id }) => id));
    for (const stream of new Set([...facts.values()].map((fact) => fact.stream))) {
      const own = (await conflictedRecords(tx, scope, { stream, ...span })).filter(({ organizationId }) =>
        ids.has(organizationId),
      );
      if (own.length === 0) continue;
      const who = await asking.identities();
      const read = [...facts.values()].filter((fact) => fact.stream === stream);
      for (const version of own) {
        const all = (rowsOfVersion(version) ?? []).filter((row) => read.some((fact) => fact.table === row.table.name));
        const rows = all.filter((row) => isAsked(row, version.day!, where, population, who));
        // What has no row at all cannot be told apart: rather count it than hide it.
        if (rows.length > 0 || all.length === 0) found.push({ day: version.day!, rows, facts });
      }
    }
  }
  return found;
}

/** Whether a question would have summed this row. */
export function isAsked(
  row: Row,
  day: DayNumber,
  where: readonly Filter[],
  population: Population,
  who: Identities,
): boolean {
  const textsOf = (columns: readonly string[]) => columns.map((column) => textOf(row, column));
  // Undefined where the row does not say: kinds of tokens are columns, and a person stands in one report only.
  const valueOf = (dimension: Dimension): string | null | undefined => {
    const columns = dimension.columnsIn(row.table);
    if (columns === null) return undefined;
    return dimension.derive ? dimension.derive(textsOf(columns), who, day) : (textsOf(columns)[0] ?? null);
  };
  const fits = where.every(({ dimension, values }) => {
    const value = valueOf(dimension);
    return value === undefined || values.has(value);
  });
  const columns = population === "all" ? null : populationColumns(row.table);
  return fits && (columns === null || populationOf(textsOf(columns), who) === population);
}

/** The sum of a quantity over rows that were not interned yet; null where none of them tells it. */
export function sumOf(rows: readonly Row[], quantity: Quantity, fact: Fact, where: readonly Filter[]): bigint | null {
  const { only } = fact.gives[quantity]!;
  const columns = columnsAsked(fact, quantity, where);
  return rows
    .filter((row) => row.table.name === fact.table && (!only || obeys(row, only)))
    .flatMap((row) => columns.map((column) => row.values[column] ?? null))
    .map((value) => (value === null ? null : BigInt(value)))
    .reduce<bigint | null>(added, null);
}

function obeys(row: Row, { column, is, isNot }: RowRule): boolean {
  const text = textOf(row, column);
  return is === undefined ? text !== isNot : text === is;
}

function textOf({ values }: Row, column: string): string | null {
  const value = values[column] ?? null;
  return value === null ? null : String(value);
}

const MOST_NAMED = 10;

function daysText(days: readonly DayNumber[]): string {
  const distinct = [...new Set(days)].sort((a, b) => a - b);
  if (distinct.length <= MOST_NAMED) return distinct.map(dayText).join(", ");
  return `${distinct.length} days from ${dayText(distinct[0]!)} to ${dayText(distinct.at(-1)!)}`;
}
