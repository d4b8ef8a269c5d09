import type { BucketWidth } from "../../world/types.ts";
import type { Context } from "../endpoint.ts";
import { defineEndpoint } from "../endpoint.ts";
import { groupBy, reportPage, WIDTH_MS } from "../report-range.ts";

const DIMENSIONS = [
  "account_id",
  "api_key_id",
  "context_window",
  "inference_geo",
  "model",
  "service_account_id",
  "service_tier",
  "speed",
  "workspace_id",
] as const;

/** Buckets per page: usual and most. */
const LIMITS: Readonly<Record<BucketWidth, { default: number; max: number }>> = {
  "1d": { default: 7, max: 31 },
  "1h": { default: 24, max: 168 },
  "1m": { default: 60, max: 1440 },
};

export const messagesUsageEndpoints = [
  defineEndpoint({
    name: "usage_report_messages",
    method: "GET",
    path: "/v1/organizations/usage_report/messages",
    paging: "report",
    query: [
      "starting_at",
      "ending_at",
      "bucket_width",
      "limit",
      "page",
      "group_by[]",
      "account_ids[]",
      "api_key_ids[]",
      // Singular here, plural in analytics: the vendor's own spelling.
      "context_window[]",
      "inference_geos[]",
      "models[]",
      "service_account_ids[]",
      "service_tiers[]",
      "speeds[]",
      "workspace_ids[]",
    ],
    answer: answerMessagesUsage,
  }),
];

function answerMessagesUsage({ path, query, world, now }: Context): unknown {
  const width = query.choice("bucket_width", ["1d", "1h", "1m"]) ?? "1d";
  const limit = query.integer("limit", { min: 1, ...LIMITS[width] });
  const dimensions = groupBy(query, DIMENSIONS);
  const filters = readFilters(query);
  const page = reportPage(query, path, WIDTH_MS[width], limit, now);
  const data = world.messagesUsage({ from: page.from, to: page.to, width, groupBy: dimensions, filters }, page.now);
  return { data, has_more: page.has_more, next_page: page.next_page };
}

function readFilters(query: Context["query"]): Record<string, string[]> {
  const filters = {
    account_id: query.list("account_ids"),
    api_key_id: query.list("api_key_ids"),
    context_window: query.choices("context_window", ["0-200k", "200k-1M"]),
    inference_geo: query.choices("inference_geos", ["global", "us", "not_available"]),
    model: query.list("models"),
    service_account_id: query.list("service_account_ids"),
    service_tier: query.choices("service_tiers", [
      "batch",
      "flex",
      "flex_discount",
      "priority",
      "priority_on_demand",
      "standard",
    ]),
    speed: query.choices("speeds", ["standard", "fast"]),
    workspace_id: query.list("workspace_ids"),
  };
  return Object.fromEntries(Object.entries(filters).filter(([, values]) => values.length > 0));
}
