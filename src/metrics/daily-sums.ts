import { dayOfInstant } from "../domain/index.ts";
import type { DayNumber, Scope } from "../domain/index.ts";
import type { Store } from "../store/index.ts";
import { requestOf } from "./answer-sums.ts";
import type { Asking } from "./asking.ts";
import { begin, readAsOf } from "./begin.ts";
import type { Begun } from "./begin.ts";
import type { Measure } from "./define.ts";
import type { Quantity } from "./facts.ts";
import { hiddenGroups } from "./hidden-groups.ts";
import { resolve, untilToday } from "./resolve.ts";
import { byName } from "./rows.ts";
import { sum, sumInto } from "./sums.ts";
import type { SumRequest } from "./sums.ts";
import { added } from "./tally.ts";
import type { Tally } from "./tally.ts";
import type { Question } from "./types.ts";

type Text = string | null;

/** A metric by day and member of one dimension, in its smallest units. */
export interface DailySums {
  /** The day of each member's first amount. */
  readonly from: DayNumber;
  /** In the order of their names, who has none last. */
  readonly members: readonly DailyMember[];
  /** How many members were left out as they never come near what was asked for. */
  readonly leftOut: number;
}

export interface DailyMember {
  readonly key: Text;
  /** Pico-dollars or a count for each day of the range: 0 where nothing happened, null where it is not known. */
  readonly amounts: readonly (bigint | null)[];
}

export interface DailySumsQuestion extends Omit<Question, "by" | "grain"> {
  /** The dimension. */
  readonly of: string;
  /**
   * Who comes to less on every day from this one on may be left out, as long as nobody comes to less than nothing: most
   * people of an organization are never read day by day.
   */
  readonly reaching?: { readonly amount: bigint; readonly from: DayNumber };
}

/**
 * The rows of an answer by day and one dimension as plain numbers: for who looks through all of them and shows few.
 * Thousands of people by day are hundreds of thousands of rows, and to spell each costs far more than to sum it.
 *
 * Members whose figures an answer would hide are not among them.
 *
 * @throws Failure `input.*`, `access.individuals` as an answer does
 */
export async function dailySums(
  store: Store,
  scope: Scope,
  { of, reaching, ...question }: DailySumsQuestion,
  now: number,
): Promise<DailySums> {
  const asked = resolve({ ...question, by: [of], grain: "day" });
  const resolved = untilToday(asked, dayOfInstant(now), scope.pastDay);
  return readAsOf(store, scope, resolved, async (tx, own) => {
    const begun = await begin(tx, own, resolved, now);
    // Nothing is known of hidden ones, not even how many come near.
    const near = reaching === undefined || begun.hiding !== null ? null : await whoReach(begun, reaching);
    return summed(begun, near);
  });
}

async function summed({ asking, hiding, span, choices, range }: Begun, near: Near | null): Promise<DailySums> {
  const nobody = { from: span.from, members: [], leftOut: near?.leftOut ?? 0 };
  if (near?.members.size === 0) return nobody;
  const days = Array.from({ length: span.to - span.from }, (_, at) => span.from + at);
  const series = new DailySeries(
    span.from,
    days.map((day) => (range.stateOf(day) === "missing" ? null : 0n)),
  );
  const { by } = asking.resolved;
  const request = requestOf(asking, plainSum(asking), span);
  const where = near === null ? [] : [{ dimension: by[0]!, values: near.members }];
  const unsplit = await sumInto(asking, choices, { ...request, where: [...request.where, ...where] }, series);
  if (unsplit.size > 0) return nobody;
  const members = series.members();
  if (hiding === null) return { ...nobody, members };
  const hidden = await hiddenGroups(asking, hiding, choices, span);
  if (hidden.everything || hidden.places) return nobody;
  return { ...nobody, members: members.filter(({ key }) => !hidden.isHidden([key])) };
}

function plainSum({ resolved: { metric } }: Asking): Extract<Measure, { kind: "sum" }> {
  const { measure } = metric;
  if (measure.kind === "sum" && measure.plus.length === 1 && measure.minus === undefined) return measure;
  throw new TypeError(`${metric.id} is no plain sum`);
}

interface Near {
  readonly members: ReadonlySet<Text>;
  readonly leftOut: number;
}

/**
 * Who may reach an amount on some day, from one row for each of them; null when that cannot be told, as amounts below
 * nothing hide larger ones.
 */
async function whoReach(
  { asking, span, choices }: Begun,
  { amount, from }: NonNullable<DailySumsQuestion["reaching"]>,
): Promise<Near | null> {
  const request: SumRequest = { ...requestOf(asking, plainSum(asking), span), grain: null };
  const valuesOf = async (narrowed: Partial<SumRequest>) => {
    const { groups } = await sum(asking, choices, { ...request, ...narrowed });
    return groups.flatMap(({ dims, values }) => [...values.values()].map((value) => ({ key: dims[0] ?? null, value })));
  };
  const smallest = await valuesOf({ by: [], extreme: "smallest_row" });
  if (smallest.some(({ value }) => value !== null && value < 0n)) return null;
  const largest = await valuesOf({ extreme: "largest_day", span: { from: Math.max(from, span.from), to: span.to } });
  const sums = new Map<Text, bigint>();
  // Of several organizations too: each is read from one source.
  for (const { key, value } of largest) sums.set(key, (sums.get(key) ?? 0n) + (value ?? 0n));
  const members = new Set([...sums].filter(([, most]) => most >= amount).map(([key]) => key));
  return { members, leftOut: sums.size - members.size };
}

/** What a member comes to on each day from one source; undefined where no row says. */
type Amounts = (bigint | null | undefined)[];

class DailySeries implements Tally<Amounts> {
  readonly #from: DayNumber;
  /** Of days without a row. */
  readonly #empty: readonly (bigint | null)[];
  readonly #byMember = new Map<Text, Map<string, Amounts>>();
  /** Amounts in several currencies, which are none together. */
  readonly #mixed = new Map<Amounts, Set<number>>();

  constructor(from: DayNumber, empty: readonly (bigint | null)[]) {
    this.#from = from;
    this.#empty = empty;
  }

  seriesAt([key = null]: readonly Text[], source: string): Amounts {
    const own = this.#byMember.get(key) ?? new Map<string, Amounts>();
    this.#byMember.set(key, own);
    const series = own.get(source) ?? this.#empty.map(() => undefined);
    own.set(source, series);
    return series;
  }

  add(series: Amounts, day: DayNumber | null, _: Quantity, amount: bigint | null, mixed: boolean): void {
    const at = day! - this.#from;
    series[at] = added(series[at], amount);
    if (mixed) this.#mixed.set(series, (this.#mixed.get(series) ?? new Set<number>()).add(at));
  }

  members(): DailyMember[] {
    for (const [series, days] of this.#mixed) for (const at of days) series[at] = null;
    return [...this.#byMember]
      .map(([key, bySource]) => {
        const sources = [...bySource.values()];
        return { key, amounts: this.#empty.map((empty, at) => together(sources, at, empty)) };
      })
      .sort((a, b) => byName(a.key, b.key));
  }
}

/** Each organization is read from one source, so that what several say adds up. */
function together(sources: readonly Amounts[], at: number, empty: bigint | null): bigint | null {
  let sum: bigint | null | undefined;
  for (const series of sources) {
    const amount = series[at];
    if (amount === null) return null;
    if (amount !== undefined) sum = sum === undefined ? amount : sum! + amount;
  }
  return sum === undefined ? empty : sum;
}
