import { overTime } from "../answers/index.ts";
import type { ChartSpec } from "../charts/index.ts";
import type { Output } from "../client/index.ts";
import type { Metric } from "./choice.ts";
import { nameOf, type Pivot } from "./pivot.ts";
import type { UsedPivot } from "./use-pivot.ts";

type Report = Output<"report">;

const MOST_BARS = 15;
const MOST_LINES = 6;
const MOST_HEAT = { rows: 15, columns: 15 };

/** The drawing that fits: over time by the rows, a heat map of two dimensions, or bars of one. */
export function pivotChart(
  { pivot, drawn, whole, before }: UsedPivot,
  metric: Metric,
  dimension: string,
  label: (dimension: string, value: string) => string,
): ChartSpec | undefined {
  if (pivot === undefined || whole === undefined) return undefined;
  if (drawn !== undefined) return timeChart(drawn, metric, dimension, (value) => label(dimension, value));
  if (pivot.columns.length > 0) return { kind: "heatMap", data: heat(pivot) };
  const earlier = new Map(before?.rows.map((row) => [nameOf(row, dimension), row.value]));
  return {
    kind: "bars",
    data: {
      unit: pivot.unit,
      ...(whole.kind === null ? {} : { note: whole.kind }),
      bars: pivot.rows.slice(0, MOST_BARS).map(({ key, labels, total }) => ({
        name: key,
        label: labels[0] ?? key,
        value: total,
        ...(before === undefined || !before.by.includes(dimension) ? {} : { previous: earlier.get(key) ?? null }),
      })),
    },
  };
}

function timeChart(drawn: Report, metric: Metric, by: string, label: (value: string) => string): ChartSpec {
  const note = drawn.kind ?? undefined;
  if (metric.additive) return { kind: "stackedBars", data: overTime(drawn, { by, label, note }) };
  // People and rates of several members do not add up to "Other": the largest alone are drawn.
  const sizes = new Map<string, number>();
  for (const row of drawn.rows) sizes.set(nameOf(row, by), (sizes.get(nameOf(row, by)) ?? 0) + Number(row.value ?? 0));
  const largest = new Set(
    [...sizes]
      .sort(([, a], [, b]) => b - a)
      .slice(0, MOST_LINES)
      .map(([name]) => name),
  );
  const rows = drawn.rows.filter((row) => largest.has(nameOf(row, by)));
  return { kind: "lines", data: overTime({ ...drawn, rows }, { by, label, note }) };
}

function heat(pivot: Pivot): Extract<ChartSpec, { kind: "heatMap" }>["data"] {
  const rows = pivot.rows.slice(0, MOST_HEAT.rows);
  const columns = pivot.columns.slice(0, MOST_HEAT.columns);
  return {
    unit: pivot.unit,
    rows: rows.map(({ key, labels }) => ({ name: key, label: labels[0] ?? key })),
    columns: columns.map(({ name, label }) => ({ name, label })),
    cells: rows.flatMap(({ key, values, labels }) =>
      columns.map(({ name, label }, at) => ({
        row: key,
        column: name,
        value: values[at] ?? null,
        title: `${labels[0] ?? key}, ${label}`,
      })),
    ),
    written: columns.length <= 10,
  };
}
