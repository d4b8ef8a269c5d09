import type { Output } from "../client/index.ts";
import { bucketsOf, formatDay, formatDayShort, labelOf, toNumber, type Unit, type Value } from "../format/index.ts";

type Report = Output<"report">;
type Row = Report["rows"][number];

export interface PivotColumn {
  readonly name: string;
  readonly label: string;
  /** The figure of the whole column: asked for, never added up. */
  readonly total: Value;
}

export interface PivotRow {
  readonly key: string;
  /** One label for each dimension that rows stand for. */
  readonly names: readonly string[];
  readonly labels: readonly string[];
  readonly total: Value;
  readonly reason: string | undefined;
  readonly values: readonly Value[];
}

export interface Pivot {
  readonly unit: Unit;
  readonly title: string;
  readonly rowDimensions: readonly string[];
  readonly columns: readonly PivotColumn[];
  readonly isOverTime: boolean;
  /** Columns beyond those shown. */
  readonly hiddenColumns: number;
  readonly rows: readonly PivotRow[];
  readonly total: Value;
}

interface Asked {
  readonly rowDimensions: readonly string[];
  readonly columns: string | null;
  readonly overTime: boolean;
  /** Sums have a zero where there is no row; other figures have none. */
  readonly hasZero: boolean;
  readonly label: (dimension: string, value: string) => string;
  readonly mostColumns?: number;
}

interface Answers {
  /** By the dimensions of rows and columns together. */
  readonly cells: Report | undefined;
  /** By the dimensions of rows alone. */
  readonly rows: Report;
  /** By the dimension of the columns, or by day, week or month. */
  readonly columns: Report | undefined;
}

const MOST_COLUMNS = 20;

/** Lays answers out in rows and columns. Totals are answers of their own: people and rates do not add up. */
export function pivot(
  { cells: allCells, rows: allRows, columns: allColumns }: Answers,
  { rowDimensions, columns: across, overTime, hasZero, label, mostColumns = MOST_COLUMNS }: Asked,
): Pivot {
  const rows = latest(allRows);
  const cells = allCells === undefined || overTime ? allCells : latest(allCells);
  const columns = allColumns === undefined || overTime ? allColumns : latest(allColumns);
  const grain = cells?.range.grain ?? "day";
  const isTime = overTime && cells !== undefined;
  const place = isTime ? grain : across;
  const all = isTime
    ? timeColumns(cells, columns, grain)
    : across === null
      ? []
      : memberColumns(columns, across, (value) => label(across, value));
  const shown = isTime ? all : all.slice(0, mostColumns);
  const missing = new Set(isTime ? missingBuckets(cells, grain) : []);
  const found = new Map<string, Value>();
  for (const row of cells?.rows ?? []) {
    if (place !== null) found.set(`${keyOf(row, rowDimensions)}\n${nameOf(row, place)}`, row.value);
  }
  const covered = (cells?.coverage.covered ?? 0) + (cells?.coverage.partial ?? 0) > 0;
  return {
    unit: rows.unit,
    title: rows.title,
    rowDimensions,
    columns: shown,
    isOverTime: isTime,
    hiddenColumns: all.length - shown.length,
    rows: rows.rows
      .map((row) => {
        const key = keyOf(row, rowDimensions);
        const names = rowDimensions.map((dimension) => nameOf(row, dimension));
        return {
          key,
          names,
          labels: names.map((name, at) => label(rowDimensions[at]!, name)),
          total: row.value,
          reason: row.reason,
          values: shown.map(({ name }) => {
            const value = found.get(`${key}\n${name}`);
            if (value !== undefined) return value;
            return hasZero && covered && !missing.has(name) ? 0 : null;
          }),
        };
      })
      .sort((a, b) => bySize(a.total, b.total)),
    total: rows.total.value,
  };
}

/** Rolling figures come by day whatever is asked; without time it is the last day that counts. */
function latest(report: Report): Report {
  if (report.rows.every((row) => row["day"] === undefined)) return report;
  const last = new Map<string, Row>();
  for (const row of report.rows) {
    const key = keyOf(row, report.by);
    const before = last.get(key);
    if (before === undefined || nameOf(before, "day") < nameOf(row, "day")) last.set(key, row);
  }
  return { ...report, rows: [...last.values()] };
}

function timeColumns(cells: Report, columns: Report | undefined, grain: "day" | "week" | "month"): PivotColumn[] {
  const totals = new Map(columns?.rows.map((row) => [nameOf(row, grain), row.value]));
  return bucketsOf(cells.range.from, cells.range.to, grain).map((name) => ({
    name,
    label: grain === "month" ? formatDay(name) : formatDayShort(name),
    total: totals.get(name) ?? null,
  }));
}

function memberColumns(
  columns: Report | undefined,
  dimension: string,
  label: (value: string) => string,
): readonly PivotColumn[] {
  return (columns?.rows ?? [])
    .map((row) => ({ name: nameOf(row, dimension), label: label(nameOf(row, dimension)), total: row.value }))
    .sort((a, b) => bySize(a.total, b.total));
}

/** Buckets that were not collected at all: a gap, and no zero. */
function missingBuckets({ range, coverage }: Report, grain: "day" | "week" | "month"): string[] {
  if (grain !== "day") return [];
  return bucketsOf(range.from, range.to, grain).filter((day) =>
    coverage.missing.some(({ from, to }) => from <= day && day <= to),
  );
}

export function keyOf(row: Row, dimensions: readonly string[]): string {
  return dimensions.map((dimension) => nameOf(row, dimension)).join("\t");
}

export function nameOf(row: Row, dimension: string): string {
  const value = row[dimension];
  return value === null || value === undefined ? "null" : String(value);
}

/** The largest first; what has no figure last. */
function bySize(a: Value, b: Value): number {
  return (toNumber(b) ?? -Infinity) - (toNumber(a) ?? -Infinity) || 0;
}

/** What a dimension's value is called in a pivot: truths in words, the rest as on every page. */
export function pivotLabel(dimension: string, value: string): string {
  if (dimension === "remote") return REMOTE[value] ?? value;
  return labelOf(value, dimension);
}

const REMOTE: Readonly<Record<string, string>> = { true: "Remote", false: "Local", null: "Not told" };
