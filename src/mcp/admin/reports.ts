import { z } from "zod";

import type { catalog } from "../../operations/index.ts";
import { trust, trustOf, trustWords } from "../record/trust.ts";
import { listedRows, paragraphs, quoted } from "../record/words.ts";

/** What every report says of itself, beside its rows. */
export const reportOutput = {
  source: z.enum(["record", "anthropic"]),
  from: z.string(),
  to: z.string(),
  rows: z.array(z.looseObject({})),
  totals: z.looseObject({}),
  ...trust,
} as const;

type Operation = Awaited<ReturnType<typeof catalog.usageReport>>;
export type Report = z.output<Operation["output"]>;
export type ReportRow = Report["rows"][number];

/** A report as structured content; `rows` are the part of them that was asked for. */
export function reportData(report: Report, rows: readonly ReportRow[]) {
  const { source, streams, range, totals, asOf, warnings } = report;
  return {
    source,
    streams: [...streams],
    from: range.from,
    to: range.to,
    rows: [...rows],
    totals,
    asOf,
    ...trustOf(report),
    ...(warnings.length === 0 ? {} : { warnings: warnings.map(({ message }) => message) }),
  };
}

/** The total in a sentence, a line a row, and how far all of it can be relied on. */
export function reportText(
  report: Report,
  headline: string,
  rows: readonly ReportRow[],
  figureOf: (row: ReportRow) => string,
): string {
  const { range, source, streams, groupBy, warnings } = report;
  const from =
    source === "record"
      ? `from the record, ${streams.join(" and ") || "no report"}`
      : `asked of Anthropic at ${report.asOf}`;
  const isOne = rows.length === 1 && groupBy.length === 0 && rows[0]?.["starting_at"] === undefined;
  return paragraphs(
    `${headline} (${range.from} to ${range.to} UTC; ${from}).`,
    isOne ? "" : listedRows(rows, (row) => `${placeWords(row, groupBy)}: ${figureOf(row)}`),
    trustWords(report),
    ...warnings.map(({ message }) => message),
  );
}

function placeWords(row: ReportRow, groupBy: readonly string[]): string {
  const start = row["starting_at"];
  const when = typeof start === "string" ? [start.endsWith("T00:00:00Z") ? start.slice(0, 10) : start] : [];
  const dims = groupBy.map((name) => {
    const value = row[name];
    return typeof value === "string" ? `${name} ${quoted(value)}` : `no ${name}`;
  });
  return [...when, ...dims].join(", ") || "all";
}
