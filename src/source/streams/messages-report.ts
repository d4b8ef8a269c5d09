import {
  day,
  defineTable,
  dim,
  tryDay,
  type Column,
  type DayNumber,
  type Row,
  type RowValue,
  type Table,
} from "../../domain/index.ts";
import { keyTextAt, type Problem } from "../read.ts";
import { ask, bounds, groupBy, spanOf } from "../request.ts";
import type { Known, RecordView, ReportShape, UpstreamRequest, Window } from "../types.ts";
import { TOKEN_COUNTS, tokenColumns, tokenCounts } from "./token-counts.ts";

export const MESSAGES_DOCS = "https://platform.claude.com/docs/en/api/admin/usage_report/retrieve_messages";
export const MESSAGES_ENDPOINT = "GET /v1/organizations/usage_report/messages";
const MESSAGES_PATH = "/v1/organizations/usage_report/messages";

/** The service started in 2023; asking further back is accepted, and empty. */
const FIRST_DAY: DayNumber = tryDay("2023-01-01")!;

/** The legacy reports of usage and cost: 31 daily buckets a page, restated for a few days, read again on each sync. */
export const legacyReport: ReportShape = {
  kind: "report",
  longest: 31,
  earliest: () => FIRST_DAY,
  provisionalDays: 3,
  rereads: [{ days: 3, everyMs: 0 }],
};

/** One cut of the messages report: upstream takes at most five dimensions at a time. */
export function messagesRequest(
  window: Window,
  known: Known,
  groups: readonly string[],
  beta?: string,
): UpstreamRequest[] {
  const query = [
    ...bounds(spanOf(window)),
    ["bucket_width", "1d"] as const,
    ...groupBy(...groups),
    ["limit", "31"] as const,
  ];
  return [ask(known, MESSAGES_PATH, query, beta === undefined ? {} : { beta })];
}

interface Cut {
  readonly name: string;
  readonly doc: string;
  /** Dimensions in the order of the natural key, each with the namespace of its codes. */
  readonly dims: Readonly<Record<string, string>>;
  readonly distribute: string;
  readonly rollup?: { readonly name: string; readonly by: readonly string[] };
}

export function cutTable(cut: Cut): Table {
  const dims = Object.entries(cut.dims);
  const columns: Record<string, Column> = { organization_id: dim("organization"), day: day() };
  for (const [name, namespace] of dims) columns[name] = dim(namespace);
  const rollup = cut.rollup && {
    name: cut.rollup.name,
    by: ["organization_id", "day", ...cut.rollup.by],
    sums: TOKEN_COUNTS,
  };
  return defineTable({
    name: cut.name,
    doc: cut.doc,
    key: ["organization_id", "day", ...dims.map(([name]) => name)],
    columns: { ...columns, ...tokenColumns },
    distribute: cut.distribute,
    ...(rollup && { rollups: [rollup] }),
  });
}

/** The row of a result; none for a result without a readable day, which is told. */
export function cutRows(table: Table, groups: readonly string[], record: RecordView, problem: Problem): Row[] {
  if (record.day === null) {
    problem("starting_at", "is no instant");
    return [];
  }
  const values: Record<string, RowValue> = { organization_id: record.organizationId, day: record.day };
  for (const group of groups) values[group] = keyTextAt(record.data, group, problem);
  return [{ table, values: { ...values, ...tokenCounts(record.data, problem) } }];
}
