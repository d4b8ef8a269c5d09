import { useMemo } from "react";

import { compact, exact, toNumber, type Value } from "../format/index.ts";
import { DataTable, Empty, type DataColumn } from "../ui/index.ts";
import type { Pivot, PivotRow } from "./pivot.ts";

interface PivotTableProps {
  readonly pivot: Pivot | undefined;
  /** What a dimension is called. */
  readonly titleOf: (dimension: string) => string;
  readonly onPick: ((row: PivotRow) => void) | undefined;
  readonly dimmed: boolean;
  readonly problem: unknown;
  readonly onRetry: () => void;
}

const SHADES = 4;

/** The pivot itself: rows by size, a shade for each cell, and totals that were asked for rather than added up. */
export function PivotTable({ pivot, titleOf, onPick, dimmed, problem, onRetry }: PivotTableProps) {
  const columns = useMemo(() => (pivot === undefined ? [] : columnsOf(pivot, titleOf)), [pivot, titleOf]);
  return (
    <DataTable
      key={pivot?.rowDimensions.join(" ") ?? ""}
      label={pivot?.title ?? "Pivot"}
      rows={problem == null ? pivot?.rows : undefined}
      columns={columns}
      rowKey={({ key }) => key}
      sort={{ id: "total", desc: true }}
      {...(onPick === undefined ? {} : { onPick })}
      dimmed={dimmed}
      pageSize={25}
      problem={problem}
      onRetry={onRetry}
      empty={<Empty why="Nothing of this was recorded in this range." />}
    />
  );
}

function columnsOf(pivot: Pivot, titleOf: (dimension: string) => string): readonly DataColumn<PivotRow>[] {
  const { unit, rowDimensions, columns, total } = pivot;
  const most = Math.max(
    0,
    ...pivot.rows.flatMap(({ values }) => values.map((value) => Math.abs(toNumber(value) ?? 0))),
  );
  return [
    ...rowDimensions.map((dimension, at): DataColumn<PivotRow> => ({
      id: dimension,
      title: titleOf(dimension),
      value: ({ labels }) => labels[at] ?? null,
    })),
    {
      id: "total",
      title: columns.length === 0 ? pivot.title : "All",
      unit,
      bar: true,
      value: (row) => row.total,
      reason: (row) => row.reason,
      total,
    },
    ...columns.map((column, at): DataColumn<PivotRow> => ({
      id: `column ${column.name}`,
      title: column.label,
      unit,
      value: ({ values }) => values[at] ?? null,
      cell: ({ values }) => <Cell value={values[at] ?? null} unit={unit} most={most} />,
      total: column.total,
    })),
  ];
}

function Cell({ value, unit, most }: { value: Value; unit: Pivot["unit"]; most: number }) {
  if (value === null) {
    return (
      <span className="quiet" title="There is no figure here.">
        —
      </span>
    );
  }
  const size = Math.abs(toNumber(value) ?? 0);
  const shade = most === 0 || size === 0 ? 0 : Math.max(1, Math.ceil((size / most) * SHADES));
  return (
    <span className="pivot-cell" data-shade={shade} title={exact(value, unit)}>
      {size === 0 ? <span className="quiet">{compact(value, unit)}</span> : compact(value, unit)}
    </span>
  );
}
