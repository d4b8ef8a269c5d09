import type { Mark, OverTime, Series } from "../charts/over-time.ts";
import { colorsOf, NOBODY, OTHER } from "../ui/colors.ts";
import type { Output } from "../client/index.ts";
import { addDays, bucketsOf, labelOf, toNumber, type Value } from "../format/index.ts";

type Report = Output<"report">;
type Row = Report["rows"][number];

/** What of a report is drawn. */
type Drawable = Pick<Report, "title" | "unit" | "range" | "rows" | "coverage" | "provisional">;

interface Wanted {
  /** The dimension that the answer is split by, if it is to be drawn split. */
  readonly by?: string;
  /** Series beyond so many become one, "Other". */
  readonly most?: number;
  /** What a value of the dimension is called. */
  readonly label?: (name: string) => string;
  readonly previous?: Report | undefined;
  readonly note?: string | undefined;
}

/** A report by day, week or month as a chart over time. Days that were not collected are gaps, idle ones are zero. */
export function overTime(
  answer: Drawable,
  { by, most = 7, label = (name) => labelOf(name, by), previous, note }: Wanted = {},
): OverTime {
  const grain = answer.range.grain ?? "day";
  const buckets = bucketsOf(answer.range.from, answer.range.to, grain);
  const marks = marksOf(answer, buckets, grain);
  const names = by === undefined ? [""] : largest(answer.rows, by, most);
  const colors = by === undefined ? new Map([["", "var(--c-1)"]]) : colorsOf(names);
  const kept = new Set(names);
  const hidden = new Set(
    answer.rows.filter(isKeptBack).map((row) => (by === undefined ? "" : seriesOf(row, by, kept))),
  );
  const series: Series[] = names.map((name) => ({
    ...(hidden.has(name) && { isHidden: true as const }),
    name,
    label: by === undefined ? answer.title : label(name),
    color: colors.get(name) ?? "var(--c-other)",
    values: buckets.map((bucket, at) => {
      const here = answer.rows.filter(
        (row) => row[grain] === bucket && (by === undefined || seriesOf(row, by, kept) === name),
      );
      return valueOf(here, marks[at] ?? "settled", isSum(answer));
    }),
  }));
  return {
    unit: answer.unit,
    ...(note === undefined ? {} : { note }),
    grain,
    buckets,
    marks,
    series,
    // The whole of before, over what is left of now, would look like a fall.
    ...(previous === undefined || hidden.size > 0 ? {} : { previous: before(previous, buckets.length, grain) }),
  };
}

/** Names by the size of their sum; the smallest share one place, which is always last. */
function largest(rows: readonly Row[], by: string, most: number): string[] {
  const sizes = new Map<string, number>();
  for (const row of rows) {
    const name = nameOf(row, by);
    sizes.set(name, (sizes.get(name) ?? 0) + Math.abs(toNumber(row.value) ?? 0));
  }
  const names = [...sizes].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([name]) => name);
  if (names.length > most) return [...names.slice(0, most - 1), OTHER];
  // An answer may have put the small ones together already.
  return names.includes(OTHER) ? [...names.filter((name) => name !== OTHER), OTHER] : names;
}

function seriesOf(row: Row, by: string, kept: ReadonlySet<string>): string {
  const name = nameOf(row, by);
  return kept.has(name) ? name : OTHER;
}

function nameOf(row: Row, by: string): string {
  const value = row[by];
  return value === null || value === undefined ? NOBODY : String(value);
}

function isKeptBack({ reason }: Row): boolean {
  return reason === "suppressed_for_privacy";
}

/** A ratio has no zero of its own: a bucket without a row has none. */
function isSum({ unit }: Drawable): boolean {
  return unit !== "ratio";
}

function valueOf(rows: readonly Row[], mark: Mark, sums: boolean): Value {
  const [only] = rows;
  if (only === undefined) return mark === "missing" || !sums ? null : 0;
  if (rows.length === 1) return only.value;
  const known = rows.map(({ value }) => toNumber(value)).filter((value) => value !== null);
  // Several small ones under one name: each is still told exactly in the table below.
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

function marksOf(answer: Drawable, buckets: readonly string[], grain: OverTime["grain"]): Mark[] {
  const provisional = new Set(answer.provisional);
  const partial = new Set(answer.rows.filter((row) => row["partial"] === true).map((row) => String(row[grain])));
  return buckets.map((bucket, at) => {
    const days = daysIn(bucket, grain, answer.range);
    const missing = days.filter((day) => answer.coverage.missing.some(({ from, to }) => from <= day && day <= to));
    if (days.length > 0 && missing.length === days.length) return "missing";
    if (partial.has(bucket) || missing.length > 0) return "partial";
    // A week or a month that the range cuts off, at either end, would look like a fall.
    if (at === 0 && answer.range.from > (grain === "month" ? `${bucket}-01` : bucket)) return "partial";
    if (at === buckets.length - 1 && answer.range.to < lastOf(bucket, grain)) return "partial";
    return days.some((day) => provisional.has(day)) ? "provisional" : "settled";
  });
}

function daysIn(bucket: string, grain: OverTime["grain"], { from, to }: { from: string; to: string }): string[] {
  if (grain === "day") return [bucket];
  const all = bucketsOf(grain === "month" ? `${bucket}-01` : bucket, lastOf(bucket, grain), "day");
  return all.filter((day) => from <= day && day <= to);
}

function lastOf(bucket: string, grain: OverTime["grain"]): string {
  if (grain === "day") return bucket;
  if (grain === "week") return addDays(bucket, 6);
  return addDays(`${addDays(`${bucket}-01`, 31).slice(0, 7)}-01`, -1);
}

/** The period before, laid over this one bucket by bucket. Split answers are added up. */
function before(previous: Report, length: number, grain: OverTime["grain"]): NonNullable<OverTime["previous"]> {
  const buckets = bucketsOf(previous.range.from, previous.range.to, grain);
  const marks = marksOf(previous, buckets, grain);
  const values = buckets.map((bucket, at) =>
    valueOf(
      previous.rows.filter((row) => row[grain] === bucket),
      marks[at] ?? "settled",
      isSum(previous),
    ),
  );
  return { label: "Period before", values: values.slice(0, length) };
}
