import { ActionIcon } from "@mantine/core";
import { ChartColumn, Download, Table2 } from "lucide-react";
import { useState, type ReactNode } from "react";

import type { ChartTable } from "../charts/drawing.ts";
import type { ChartSpec } from "../charts/index.ts";
import { exact, formatDay, isDay } from "../format/index.ts";
import { ChartFigure, chartOf, useCharts } from "./chart-figure.tsx";
import { Computed, type Formula } from "./computed.tsx";
import { download } from "./csv.ts";
import { Empty } from "./empty.tsx";
import { ErrorBox } from "./error-box.tsx";
import { Skeleton } from "./loading.tsx";
import { Card } from "./page.tsx";

interface ChartCardProps {
  readonly title: string;
  /** What the chart says, or how to read it. */
  readonly sentence?: ReactNode;
  /** Undefined while it loads. */
  readonly chart: ChartSpec | undefined;
  /** The metrics that "how is this computed" explains, and where they were read. */
  readonly metrics: readonly string[];
  /** The same for figures that are no metric of their own. */
  readonly formulas?: readonly Formula[];
  readonly source?: readonly string[] | undefined;
  readonly height?: number;
  readonly problem?: unknown;
  readonly onRetry?: (() => void) | undefined;
  /** Shown instead of an empty chart. */
  readonly empty?: ReactNode;
  readonly dimmed?: boolean;
  /** A click on, or Enter at, a part of the drawing: its bucket, bar or cell. */
  readonly onPick?: ((key: string) => void) | undefined;
  /** A click on a name of the legend. */
  readonly onPickSeries?: ((name: string) => void) | undefined;
  /** What chooses what is drawn, above it. */
  readonly controls?: ReactNode;
  readonly children?: ReactNode;
}

/** One question, one chart: with its values as a table and as CSV, and how they are computed. */
export function ChartCard(props: ChartCardProps) {
  const { title, sentence, chart, metrics, formulas = [], source, problem, onRetry, empty, dimmed } = props;
  const { onPick, onPickSeries, controls, children } = props;
  const [asTable, setAsTable] = useState(false);
  const charts = useCharts();
  const height = props.height ?? naturalHeight(chart);
  const isEmpty = chart !== undefined && hasNothing(chart);
  const table = chart === undefined || charts === null || isEmpty ? null : chartOf(charts, chart).table();

  const tools = (
    <>
      {table !== null && (
        <>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={asTable ? "Show as a chart" : "Show as a table"}
            title={asTable ? "Show as a chart" : "Show as a table"}
            aria-pressed={asTable}
            onClick={() => setAsTable((was) => !was)}
          >
            {asTable ? <ChartColumn size={15} aria-hidden /> : <Table2 size={15} aria-hidden />}
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label="Download as CSV"
            title="Download as CSV"
            onClick={() => download(table, title)}
          >
            <Download size={15} aria-hidden />
          </ActionIcon>
        </>
      )}
      <Computed metrics={metrics} formulas={formulas} source={source ?? []} />
    </>
  );

  return (
    <Card title={title} sentence={sentence} tools={tools}>
      {controls !== undefined && <div className="chart-controls no-print">{controls}</div>}
      <div className="chart-body" data-dimmed={dimmed || undefined} aria-busy={chart === undefined && problem == null}>
        {problem != null ? (
          <ErrorBox thrown={problem} onRetry={onRetry} />
        ) : chart === undefined ? (
          <Skeleton height={height} />
        ) : isEmpty ? (
          <div style={{ minHeight: height / 2 }}>
            {empty ?? (
              <Empty why="There is nothing in this range. A longer one, or fewer filters, may hold something." />
            )}
          </div>
        ) : asTable && table !== null ? (
          <ChartTableView table={table} label={title} />
        ) : (
          <>
            <Legend spec={chart} onPick={onPickSeries} />
            <ChartFigure spec={chart} label={title} height={height} onPick={onPick} />
            <KeptBack spec={chart} />
          </>
        )}
      </div>
      {children}
    </Card>
  );
}

/** What is missing from the drawing, so that the rest is not taken for the whole. */
function KeptBack({ spec }: { spec: ChartSpec }) {
  if (spec.kind !== "stackedBars" && spec.kind !== "lines") return null;
  const { series } = spec.data;
  const hidden = series.filter(({ isHidden }) => isHidden);
  if (hidden.length === 0) return null;
  return (
    <p className="small quiet">
      {series.length === 1 ? "Some of it is" : `${hidden.map(({ label }) => label).join(", ")}:`} hidden, as too few
      people stand behind it{spec.kind === "stackedBars" && series.length > 1 ? "; the bars are the rest" : ""}.
    </p>
  );
}

/** Names to the colours, where the chart does not write them itself. */
function Legend({ spec, onPick }: { spec: ChartSpec; onPick?: ((name: string) => void) | undefined }) {
  const items =
    spec.kind === "stackedBars" || spec.kind === "lines"
      ? spec.data.series
      : spec.kind === "share"
        ? spec.data.parts
        : [];
  const before = (spec.kind === "stackedBars" || spec.kind === "lines") && spec.data.previous !== undefined;
  if (items.length < 2 && !before) return null;
  return (
    <ul className="legend" data-direct={(spec.kind === "lines" && items.length <= 4) || undefined}>
      {items.length > 1 &&
        items.map(({ name, label, color }) => (
          <li key={name} className="legend-series">
            {onPick === undefined ? (
              <span>
                <span className="swatch" style={{ background: color }} />
                {label}
              </span>
            ) : (
              <button type="button" title={`Only ${label}`} onClick={() => onPick(name)}>
                <span className="swatch" style={{ background: color }} />
                {label}
              </button>
            )}
          </li>
        ))}
      {before && (
        <li>
          <span>
            <span className="swatch swatch-dashed" />
            Period before
          </span>
        </li>
      )}
    </ul>
  );
}

function ChartTableView({ table, label }: { table: ChartTable; label: string }) {
  return (
    <div className="chart-table" tabIndex={0} role="region" aria-label={`${label}, as a table`}>
      <table>
        <thead>
          <tr>
            {table.columns.map(({ label, unit }, at) => (
              <th key={at} scope="col" className={unit === undefined ? undefined : "number"}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, at) => (
            <tr key={at}>
              {row.map((value, column) => {
                const unit = table.columns[column]?.unit;
                return (
                  <td key={column} className={unit === undefined ? undefined : "number"}>
                    {unit === undefined ? wordOf(value) : exact(value, unit)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function wordOf(value: string | number | null): string {
  const text = value === null ? "" : String(value);
  return isDay(text) || /^\d{4}-\d{2}$/.test(text) ? formatDay(text) : text;
}

/** Rows need room for their names; what runs over time has one height on all pages, so that cards line up. */
function naturalHeight(spec: ChartSpec | undefined): number {
  switch (spec?.kind) {
    case "bars":
      return spec.data.bars.length * 30 + 28;
    case "funnel":
      return spec.data.steps.length * 40 + 28;
    case "heatMap":
      return spec.data.rows.length * 26 + 48;
    case "share":
      return 64;
    default:
      return 280;
  }
}

function hasNothing(spec: ChartSpec): boolean {
  switch (spec.kind) {
    case "lines":
    case "stackedBars":
      return spec.data.series.every(({ values }) => values.every((value) => value === null || Number(value) === 0));
    case "bars":
      return spec.data.bars.length === 0;
    case "heatMap":
      return spec.data.cells.length === 0;
    case "funnel":
      return spec.data.steps.every(({ value }) => value === null || value === 0);
    case "share":
      return spec.data.parts.every(({ value }) => value === null || Number(value) === 0);
  }
}
