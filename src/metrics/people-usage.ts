import { dayOfText } from "../domain/index.ts";
import type { DayNumber, Population, Scope } from "../domain/index.ts";
import { revisionOf } from "../store/index.ts";
import type { PersonRow, Revision, Tx } from "../store/index.ts";
import { activeHistories } from "./active-history.ts";
import type { ActiveHistory } from "./active-history.ts";
import { scanActive } from "./active-scan.ts";
import { findDimension } from "./dimensions.ts";
import type { Identities } from "./identity.ts";
import { tables } from "./tables.ts";
import { figuresOf, readUsage } from "./usage.ts";
import type { AnswerWarning } from "./types.ts";
import type { UsageFigures, UsageQuestion, UsageReading } from "./usage.ts";

/** One person, service or unmapped key, with what they did in the range. */
export interface ActorUsage {
  /** As a split by person names it. */
  readonly label: string;
  readonly population: Exclude<Population, "all">;
  /** The person of the roster, when listed there. */
  readonly listed: PersonRow | null;
  /** On the last day of the range. */
  readonly team: string | null;
  readonly figures: UsageFigures;
  readonly activeDays: number;
  readonly history: ActiveHistory | undefined;
}

export interface PeopleUsage {
  readonly reading: UsageReading;
  readonly who: Identities;
  readonly rows: readonly ActorUsage[];
}

/**
 * Everybody's figures over a range, from one pass a table: who was active, and of the roster who was not.
 *
 * With a filter that people as such have not (a terminal, a model), only those with activity under it are rows.
 */
export async function peopleUsage(tx: Tx, scope: Scope, question: UsageQuestion, now: number): Promise<PeopleUsage> {
  const reading = await readUsage(tx, scope, { ...question, population: "all" }, now);
  const who = await reading.asking.identities();
  return { reading, who, rows: await keptRows(tx, scope, reading, () => rowsOf(reading, who)) };
}

/** The rows that were made last: a list that is sorted, searched and paged asks for the same again and again. */
const lastRows = new WeakMap<Revision, Rows & { readonly key: string }>();

interface Rows {
  readonly rows: readonly ActorUsage[];
  /** What had to be said while they were made. */
  readonly said: readonly AnswerWarning[];
}

async function keptRows(
  tx: Tx,
  scope: Scope,
  { asking, span }: UsageReading,
  make: () => Promise<readonly ActorUsage[]>,
): Promise<readonly ActorUsage[]> {
  const revision = await revisionOf(tx, scope);
  if (revision === null) return make();
  const { where, activeRule } = asking.resolved;
  const filters = where.map(({ dimension, values }) => [dimension.id, [...values]]);
  const key = JSON.stringify([span, activeRule, filters, scope.privacy, scope.self ?? null]);
  const before = lastRows.get(revision);
  if (before?.key === key) {
    asking.warnings.push(...before.said);
    return before.rows;
  }
  const said = asking.warnings.length;
  const rows = await make();
  lastRows.set(revision, { key, rows, said: asking.warnings.slice(said) });
  return rows;
}

async function rowsOf(reading: UsageReading, who: Identities): Promise<readonly ActorUsage[]> {
  const { asking, span } = reading;
  const { groups, absent } = await reading.groups({ by: ["person", "population"] });
  const through = lastReadDay(reading);
  const histories = await activeHistories(asking, span, through, "all");
  const { where } = asking.resolved;
  const narrow = where.some(({ dimension }) => !OF_PEOPLE.has(dimension.id));
  const days = narrow || where.length > 0 ? await filteredDays(reading) : null;
  const byLabel = new Map(groups.map((group) => [group.dims[0]!, group]));
  const populations = new Map(groups.map(({ dims: [label, population] }) => [label!, population]));
  const labels = new Set(byLabel.keys());
  const listed = narrow ? [] : [...who.known].filter(([label, row]) => isIn(reading, who, label, row));
  for (const [label] of listed) labels.add(label);
  return [...labels].map((label): ActorUsage => {
    const history = histories.get(label);
    const known = who.known.get(label) ?? null;
    const population = known ? "humans" : (populations.get(label) as ActorUsage["population"]);
    return {
      label,
      population,
      listed: known,
      team: population === "humans" ? who.teamOf(label, span.to - 1) : null,
      figures: figuresOf(byLabel.get(label), { absent }),
      activeDays: days ? (days.get(label) ?? 0) : (history?.activeDays.length ?? 0),
      history,
    };
  });
}

/** Sessions by day of these labels; days without a row are not in it. Null when the filters are not about sessions. */
export async function dailySessions(
  reading: UsageReading,
  labels: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<DayNumber, bigint>> | null> {
  const series = new Map<string, Map<DayNumber, bigint>>();
  const activity = tables.get("claude_code_activity")!;
  if (reading.asking.resolved.where.some(({ dimension }) => dimension.columnsIn(activity) === null)) return null;
  if (labels.length === 0) return series;
  const { groups } = await reading.groups({
    by: ["person"],
    byDay: true,
    where: [{ dimension: findDimension("person"), values: new Set(labels) }],
    quantities: ["sessions"],
  });
  for (const { dims, bucket, values } of groups) {
    const own = series.get(dims[0]!) ?? new Map<DayNumber, bigint>();
    series.set(dims[0]!, own.set(bucket!, values.get("sessions") ?? 0n));
  }
  return series;
}

/** When this person was active, or undefined when never. */
export async function personHistory(reading: UsageReading, person: string): Promise<ActiveHistory | undefined> {
  return (await activeHistories(reading.asking, reading.span, lastReadDay(reading), "all")).get(person);
}

/** The day with which the 28 days end that tell how regular somebody is. */
function lastReadDay({ envelope, span }: UsageReading): DayNumber {
  const { completeThrough } = envelope;
  return (completeThrough === null ? null : dayOfText(completeThrough)) ?? span.to - 1;
}

const OF_PEOPLE: ReadonlySet<string> = new Set(["team", "person", "population", "organization"]);

/** Whether a person of the roster belongs to the range and to the filters, active or not. */
function isIn({ span, asking }: UsageReading, who: Identities, label: string, row: PersonRow): boolean {
  if ((row.startsOn ?? -Infinity) >= span.to || (row.endsOn ?? Infinity) < span.from) return false;
  if (!row.inRoster && row.endsOn === null) return false;
  return asking.resolved.where.every(({ dimension, values }) => {
    if (dimension.id === "person") return values.has(label);
    if (dimension.id === "team") return [...who.teamsOf(label, span)].some(({ team }) => values.has(team));
    return dimension.id !== "population" || values.has("humans");
  });
}

/** Active days under the filters, which the daily sets cannot tell. */
async function filteredDays({ asking, span }: UsageReading): Promise<ReadonlyMap<string, number>> {
  const { where, activeRule } = asking.resolved;
  const active = await scanActive(asking, {
    organizations: asking.organizations,
    span,
    rule: activeRule,
    population: "all",
    by: [],
    where,
    only: null,
  });
  const seen = new Map<string, Set<DayNumber>>();
  for (const { person, day } of active) seen.set(person, (seen.get(person) ?? new Set<DayNumber>()).add(day));
  return new Map([...seen].map(([person, days]) => [person, days.size]));
}
