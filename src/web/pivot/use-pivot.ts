import { useMemo } from "react";

import { useAnswer, type Output } from "../client/index.ts";
import type { Common, Grain } from "../filters/index.ts";
import type { Choice, Metric } from "./choice.ts";
import { keyOf, nameOf, pivot, type Pivot } from "./pivot.ts";

type Report = Output<"report">;

/** Rows beyond these are left out, and the page says so: more than anybody reads. */
export const MOST_ROWS = 100;

interface Asked {
  readonly choice: Choice;
  readonly metric: Metric;
  readonly common: Common | null;
  readonly previous: Common | null;
  readonly kind: object;
  readonly grain: Grain;
  /** What workspaces and the like are called. */
  readonly label: (dimension: string, value: string) => string;
}

export interface UsedPivot {
  readonly pivot: Pivot | undefined;
  /** By the first dimension, over time when that is asked for. */
  readonly drawn: Report | undefined;
  /** By the first dimension, without time, and the same of the period before. */
  readonly whole: Report | undefined;
  readonly before: Report | undefined;
  /** How many members the first dimension has, when not all are shown. */
  readonly cutFrom: number | null;
  readonly problem: unknown;
  readonly dimmed: boolean;
  readonly retry: () => void;
}

/** Asks what a pivot needs: its rows first, then its columns and cells for the largest of them. */
export function usePivot({ choice, metric, common, previous, kind, grain, label }: Asked): UsedPivot {
  const { rows: first, columns: second, overTime } = choice;
  const base = useMemo(
    () => (common === null ? null : { metric: metric.id, ...common, ...(metric.hasKinds ? kind : {}) }),
    [common, metric.id, metric.hasKinds, kind],
  );
  const whole = useAnswer("report", base && { ...base, by: [first] });
  const where = useMemo(() => limited(whole.data, base?.where, first), [whole.data, base, first]);
  const isReady = base !== null && whole.data !== undefined && !whole.isPlaceholderData;
  const limit = where === undefined ? {} : { where };
  const time = overTime ? { grain } : {};
  const isSplit = second !== null || overTime;
  const cells = useAnswer(
    "report",
    isReady && isSplit ? { ...base, ...limit, ...time, by: second === null ? [first] : [first, second] } : null,
  );
  const columns = useAnswer(
    "report",
    base && isSplit ? { ...base, ...time, ...(overTime || second === null ? {} : { by: [second] }) } : null,
  );
  // With two dimensions over time a row stands for a pair.
  const pairs = useAnswer(
    "report",
    isReady && overTime && second !== null ? { ...base, ...limit, by: [first, second] } : null,
  );
  const drawn = useAnswer(
    "report",
    isReady && overTime && second !== null ? { ...base, ...limit, ...time, by: [first] } : null,
  );
  const before = useAnswer(
    "report",
    previous && !isSplit ? { ...base, metric: metric.id, from: previous.from, to: previous.to, by: [first] } : null,
  );

  const isPaired = overTime && second !== null;
  const rows = isPaired ? pairs.data : whole.data;
  const asked = [whole, ...(isSplit ? [cells, columns] : []), ...(isPaired ? [pairs, drawn] : [])];
  const matches = rows !== undefined && sameShape(rows, isPaired ? [first, second] : [first], metric.id);
  const cellsMatch =
    !isSplit || (cells.data !== undefined && cells.data.metric === metric.id && matchesCells(cells.data));
  const laid = useMemo(
    () =>
      rows === undefined || !matches || !cellsMatch
        ? undefined
        : pivot(
            { cells: isSplit ? cells.data : undefined, rows: shownOf(rows, first, where), columns: columns.data },
            {
              rowDimensions: isPaired ? [first, second] : [first],
              columns: overTime ? null : second,
              overTime,
              hasZero: metric.additive || metric.unit === "people" || metric.unit === "person_days",
              label,
            },
          ),
    [
      rows,
      matches,
      cellsMatch,
      isSplit,
      cells.data,
      columns.data,
      isPaired,
      first,
      second,
      overTime,
      metric,
      label,
      where,
    ],
  );

  return {
    pivot: laid,
    drawn: overTime ? (isPaired ? drawn.data : cells.data) : undefined,
    whole: whole.data,
    before: previous === null ? undefined : before.data,
    cutFrom: where === undefined ? null : (whole.data?.rows.length ?? null),
    problem: asked.find(({ error }) => error !== null)?.error ?? null,
    dimmed: asked.some(({ isPlaceholderData }) => isPlaceholderData),
    retry: () => {
      for (const one of asked) if (one.isError) void one.refetch();
    },
  };

  function matchesCells({ by, range }: Report): boolean {
    const wanted = second === null ? [first] : [first, second];
    return (
      by.length === wanted.length && wanted.every((one) => by.includes(one)) && (range.grain !== null) === overTime
    );
  }
}

/** The largest rows as conditions, when there are more than are shown and the page is not narrowed by them already. */
function limited(whole: Report | undefined, where: Common["where"], dimension: string): Common["where"] | undefined {
  // Rolling figures come by day: a row is no member.
  if (
    whole === undefined ||
    whole.rows.length <= MOST_ROWS ||
    whole.range.grain !== null ||
    !whole.by.includes(dimension)
  )
    return undefined;
  if (where?.some((one) => one.dimension === dimension) === true) return undefined;
  const largest = whole.rows.slice(0, MOST_ROWS).map((row) => {
    const name = nameOf(row, dimension);
    return { dimension, value: name === "null" ? null : name };
  });
  return [...(where ?? []), ...largest];
}

function shownOf(rows: Report, dimension: string, where: Common["where"] | undefined): Report {
  if (where === undefined) return rows;
  const kept = new Set(where.filter((one) => one.dimension === dimension).map(({ value }) => String(value)));
  return { ...rows, rows: rows.rows.filter((row) => kept.has(keyOf(row, [dimension]))) };
}

/** An answer to the question before is no answer to this one. */
function sameShape({ by, metric }: Report, wanted: readonly string[], asked: string): boolean {
  return metric === asked && by.length === wanted.length && wanted.every((one) => by.includes(one));
}
