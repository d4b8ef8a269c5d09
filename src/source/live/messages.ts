import { TENANT } from "../../domain/index.ts";
import { ask, bounds, groupBy, spanOf, type Query } from "../request.ts";
import { bucketRecords } from "../streams/buckets.ts";
import { cutRows, cutTable, legacyReport, MESSAGES_DOCS, MESSAGES_ENDPOINT } from "../streams/messages-report.ts";
import type { Stream } from "../types.ts";

/** Buckets of one request at most, and so the days of one window. */
const WIDTHS = {
  "1d": { limit: 31, days: 31 },
  "1h": { limit: 168, days: 7 },
  "1m": { limit: 1440, days: 1 },
} as const;

export type BucketWidth = keyof typeof WIDTHS;

/** What the messages report can be grouped by, at most five at a time. */
export const MESSAGES_GROUPS = [
  "model",
  "workspace_id",
  "api_key_id",
  "service_tier",
  "context_window",
  "inference_geo",
  "speed",
  "account_id",
  "service_account_id",
] as const;

export type MessagesGroup = (typeof MESSAGES_GROUPS)[number];

export interface MessagesCut {
  readonly groups: readonly MessagesGroup[];
  readonly width: BucketWidth;
  /** As upstream names them: `models[]`, `workspace_ids[]`, … */
  readonly filters: Query;
}

/**
 * The messages report by whatever it can be grouped by, in whatever buckets: asked, and never recorded.
 *
 * A record's key is the organization, the start of its bucket and the grouped values.
 */
export function messagesAsked({ groups, width, filters }: MessagesCut): Stream {
  const dims = Object.fromEntries(groups.map((group) => [group, group]));
  const table = cutTable({ name: "messages_asked", doc: "Asked, not recorded.", dims, distribute: TENANT });
  const { limit, days } = WIDTHS[width];
  // Grouping by speed was refused without this header in March 2026; it does no harm elsewhere.
  const beta = groups.includes("speed") ? { beta: "fast-mode-2026-02-01" } : {};
  return {
    name: "messages_asked",
    title: "Messages usage, asked live",
    endpoint: MESSAGES_ENDPOINT,
    docs: MESSAGES_DOCS,
    shape: { ...legacyReport, longest: days },
    paging: "report",
    requests: (window, known) => [
      ask(
        known,
        "/v1/organizations/usage_report/messages",
        [...bounds(spanOf(window)), ["bucket_width", width], ...groupBy(...groups), ...filters, ["limit", `${limit}`]],
        beta,
      ),
    ],
    records: (body, request, odd) => bucketRecords(body, request, groups, odd),
    tables: [table],
    rows: (record, problem) => cutRows(table, groups, record, problem),
  };
}
