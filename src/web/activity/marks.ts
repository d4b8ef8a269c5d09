import type { OverTime, Series } from "../charts/over-time.ts";
import { addDays, monthStart, type Value } from "../format/index.ts";

interface Read {
  readonly state: "complete" | "partial" | "missing";
  readonly provisional: boolean;
}

/** What a chart says of a bucket, from what an answer about activity says of it. */
function markOf({ state, provisional }: Read): OverTime["marks"][number] {
  if (state !== "complete") return state;
  return provisional ? "provisional" : "settled";
}

interface Drawn<Row> {
  readonly unit: OverTime["unit"];
  readonly note?: string;
  readonly grain: OverTime["grain"];
  readonly bucket: (row: Row) => string;
  /** Given for weeks and months: those that reach over its ends are parts of themselves. */
  readonly range?: { readonly from: string; readonly to: string };
  readonly series: readonly (Omit<Series, "values"> & { readonly value: (row: Row) => Value })[];
  /** The period before, in its order: undefined when no comparison is wanted. */
  readonly previous?: { readonly rows: readonly Row[]; readonly value: (row: Row) => Value } | undefined;
}

/** A series of an answer about activity as a chart over time. */
export function drawnOver<Row extends Read>(rows: readonly Row[], drawn: Drawn<Row>): OverTime {
  const { unit, note, grain, bucket, series, previous } = drawn;
  // A bucket that was read in part would look like a rise.
  const before = previous?.rows.map((row) => (row.state === "complete" ? previous.value(row) : null)) ?? [];
  return {
    unit,
    ...(note === undefined ? {} : { note }),
    grain,
    buckets: rows.map(bucket),
    marks: rows.map((row) => (isCut(bucket(row), drawn) && row.state === "complete" ? "partial" : markOf(row))),
    series: series.map(({ value, ...one }) => ({ ...one, values: rows.map(value) })),
    ...(before.some((value) => value !== null)
      ? { previous: { label: "Period before", values: rows.map((_, at) => before[at] ?? null) } }
      : {}),
  };
}

function isCut<Row>(bucket: string, { grain, range }: Drawn<Row>): boolean {
  if (range === undefined || grain === "day") return false;
  const first = grain === "month" ? `${bucket}-01` : bucket;
  const last = grain === "month" ? addDays(monthStart(addDays(first, 31)), -1) : addDays(first, 6);
  return first < range.from || last > range.to;
}
