import { exact, formatDay, toNumber, type Unit, type Value } from "../format/index.ts";
import type { ChartTable, Tip } from "./drawing.ts";

/** What is known of a bucket: settled, still restated by the source, not over, or not collected. */
export type Mark = "settled" | "provisional" | "partial" | "missing";

export interface Series {
  /** As filters name it. */
  readonly name: string;
  readonly label: string;
  readonly color: string;
  /** One for each bucket; null leaves a gap. */
  readonly values: readonly Value[];
  /** Some or all of it is kept back, as too few people stand behind it. */
  readonly isHidden?: true;
}

/** Figures over time: of lines and of stacked bars alike. */
export interface OverTime {
  readonly unit: Unit;
  /** Beside the unit on the axis: the kind of money, "per week". */
  readonly note?: string;
  readonly grain: "day" | "week" | "month";
  /** Days, Mondays or months, in order and without holes. */
  readonly buckets: readonly string[];
  readonly marks: readonly Mark[];
  /** The largest first. */
  readonly series: readonly Series[];
  /** The period before, bucket by bucket: the sum of all series. */
  readonly previous?: { readonly label: string; readonly values: readonly Value[] };
  /** A level to compare with, such as a budget. */
  readonly level?: { readonly label: string; readonly value: number };
}

const MARK_WORDS = {
  settled: undefined,
  provisional: "Provisional: the source may still restate it.",
  partial: "Not over, or read in part.",
  missing: "Not collected: no figure, not zero.",
} as const satisfies Record<Mark, string | undefined>;

export function tableOverTime(data: OverTime): ChartTable {
  const { series, buckets, previous, unit } = data;
  return {
    columns: [
      { label: BUCKET_WORDS[data.grain] },
      ...series.map(({ label }) => ({ label, unit })),
      ...(previous === undefined ? [] : [{ label: previous.label, unit }]),
      { label: "State" },
    ],
    rows: buckets.map((bucket, at) => [
      bucket,
      ...series.map(({ values }) => values[at] ?? null),
      ...(previous === undefined ? [] : [previous.values[at] ?? null]),
      data.marks[at] ?? "settled",
    ]),
  };
}

export function tipOverTime(data: OverTime, key: string): Tip | null {
  const at = data.buckets.indexOf(key);
  if (at < 0) return null;
  const { unit, series, previous } = data;
  const lines: Tip["lines"][number][] = series
    .filter(({ values }) => series.length <= 8 || Number(values[at] ?? 0) !== 0)
    .map(({ label, color, values, isHidden }) => {
      const value = values[at] ?? null;
      return { label, color, text: value === null && isHidden ? "hidden" : exact(value, unit) };
    });
  const parts = series.map(({ values }) => values[at] ?? null);
  if (series.length > 1 && unit !== "ratio" && unit !== "people") {
    const isWhole = series.every(({ isHidden }) => isHidden === undefined);
    lines.push({ label: isWhole ? "Total" : "Total shown", text: exact(sum(parts), unit) });
  }
  if (previous !== undefined) lines.push({ label: previous.label, text: exact(previous.values[at] ?? null, unit) });
  const note = MARK_WORDS[data.marks[at] ?? "settled"];
  return { title: bucketTitle(data.grain, key), lines, ...(note === undefined ? {} : { note }) };
}

/** As numbers with their bucket, gaps as NaN: Plot breaks a line there. */
export function points(buckets: readonly string[], values: readonly Value[]): { bucket: string; value: number }[] {
  return buckets.map((bucket, at) => ({ bucket, value: toNumber(values[at] ?? null) ?? Number.NaN }));
}

function bucketTitle(grain: OverTime["grain"], bucket: string): string {
  return grain === "week" ? `Week of ${formatDay(bucket)}` : formatDay(bucket);
}

/** Null when nothing is known; money is added in whole pico-dollars so that a total equals the sum of what is shown. */
function sum(values: readonly Value[]): Value {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  if (known.every((value) => typeof value === "number")) return known.reduce((total, value) => total + value, 0);
  const total = known.reduce((total, value) => total + pico(String(value)), 0n);
  const digits = (total < 0n ? -total : total).toString().padStart(13, "0");
  return `${total < 0n ? "-" : ""}${digits.slice(0, -12)}.${digits.slice(-12)}`;
}

function pico(value: string): bigint {
  const [whole = "0", fraction = ""] = value.replace("-", "").split(".");
  const amount = BigInt(whole + fraction.slice(0, 12).padEnd(12, "0"));
  return value.startsWith("-") ? -amount : amount;
}

const BUCKET_WORDS = { day: "Day (UTC)", week: "Week of", month: "Month" } as const;
