import type { ReactNode } from "react";

import { exact, formatDay, isDay, reasonText, toNumber, type Unit, type Value } from "../format/index.ts";
import { Sparkline } from "./sparkline.tsx";

export interface DataColumn<Row> {
  readonly id: string;
  readonly title: string;
  /** What is sorted by, searched, shown unless `cell` shows it, and written into the CSV. */
  readonly value: (row: Row) => Value;
  /** Set for figures: right-aligned, exact, with the unit in the CSV. */
  readonly unit?: Unit;
  /** A bar behind the figure, as long as its share of the largest. */
  readonly bar?: boolean;
  /** Why the value is null. */
  readonly reason?: (row: Row) => string | undefined;
  /** A word below the figure, where it needs one. */
  readonly below?: (row: Row) => string | null;
  /** The figure in other digits than `exact` gives it. */
  readonly text?: (row: Row) => string;
  /** Something richer than text. */
  readonly cell?: (row: Row) => ReactNode;
  /** A sparkline instead of a text. */
  readonly spark?: (row: Row) => readonly Value[];
  /** Foot of the column. */
  readonly total?: Value;
  /** The foot as something richer than a figure. */
  readonly totalCell?: ReactNode;
}

/** What a column shows of a row: a dash with its reason where there is no value, a bar as long as its share of `largest`. */
export function contentOf<Row>(column: DataColumn<Row>, row: Row, largest: ReadonlyMap<string, number>): ReactNode {
  const { id, unit, bar, spark, cell, reason } = column;
  if (cell !== undefined) return cell(row);
  if (spark !== undefined) return <Sparkline values={spark(row).map(toNumber)} width={80} height={20} />;
  const value = column.value(row);
  if (value === null) {
    const why = reasonText(reason?.(row));
    return (
      <span className="quiet" title={why}>
        <span aria-hidden>—</span>
        <span className="visually-hidden">{why}</span>
      </span>
    );
  }
  if (unit === undefined)
    return typeof value === "string" && isDay(value) ? (
      <span className="day">{formatDay(value)}</span>
    ) : (
      <span dir="auto">{value}</span>
    );
  const text = column.text?.(row) ?? exact(value, unit);
  const note = column.below?.(row) ?? null;
  const figure =
    note === null ? (
      text
    ) : (
      <span className="figure-below">
        {text}
        <span className="small quiet">{note}</span>
      </span>
    );
  if (bar !== true) return figure;
  const share = Math.max(0, (toNumber(value) ?? 0) / (largest.get(id) || 1));
  return (
    <span className="bar-cell">
      <span className="bar-cell-track" aria-hidden>
        {share > 0 && <span style={{ width: `${Math.min(1, share) * 100}%` }} />}
      </span>
      {figure}
    </span>
  );
}
