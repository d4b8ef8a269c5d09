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
  const { unit, rowDimensions, columns, total, isOverTime } = pivot;
  const shadeOf = shades(pivot);
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
      // Over time there are many columns: short figures, and shades to see the shape by.
      ...(isOverTime
        ? {
            cell: ({ values }: PivotRow) => (
              <Cell value={values[at] ?? null} unit={unit} shade={shadeOf(values[at] ?? null)} />
            ),
          }
        : {}),
      total: column.total,
    })),
  ];
}

function Cell({ value, unit, shade }: { value: Value; unit: Pivot["unit"]; shade: number }) {
  if (value === null) {
    return (
      <span className="quiet" title="There is no figure here.">
        —
      </span>
    );
  }
  return (
    <span className="pivot-cell" data-shade={shade} title={exact(value, unit)}>
      {Number(value) === 0 ? <span className="quiet">{compact(value, unit)}</span> : compact(value, unit)}
    </span>
  );
}

/** From 0 to 4 by size; rates between the lowest and the highest, which are all alike when measured from nothing. */
function shades({ unit, rows }: Pivot): (value: Value) => number {
  const sizes = rows.flatMap(({ values }) => values.flatMap((value) => toNumber(value) ?? []));
  const most = sizes.reduce((a, b) => Math.max(a, b), 0);
  const least = unit === "ratio" ? sizes.reduce((a, b) => Math.min(a, b), most) : 0;
  return (value) => {
    const size = toNumber(value) ?? 0;
    if (size <= least || most <= least) return 0;
    return Math.ceil(((size - least) / (most - least)) * SHADES);
  };
}
