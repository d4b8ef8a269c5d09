import {
  ANALYTICS_DIMENSIONS,
  type AnalyticsCostRow,
  type AnalyticsQuery,
  type AnalyticsUsageRow,
} from "../../world/types.ts";
import type { Context } from "../endpoint.ts";
import { defineEndpoint } from "../endpoint.ts";
import { pageToken, readPageToken } from "../paging.ts";
import { badField } from "../problem.ts";
import { analyticsRange, groupBy, refreshedAt } from "../report-range.ts";

const BETA = "analytics-usage-cost-2026-08-24";
/** Dimensions of cost that do not count toward the five, and whose rows come on top of the limit. */
const FAN_OUT = ["cost_type", "token_type"] as const;

/** Closed sets among the filters; the other filters take any text. */
const ENUMS: Readonly<Partial<Record<(typeof ANALYTICS_DIMENSIONS)[number], readonly string[]>>> = {
  actor_type: ["api_actor", "federated_actor", "service_account_actor", "user_actor"],
  context_window: ["0-200k", "200k-1M"],
  inference_geo: ["global", "us", "not_available"],
  product: [
    "chat",
    "chat_cowork_unified",
    "claude_code",
    "claude_console",
    "claude_design",
    "claude_in_chrome",
    "claude_tag",
    "cowork",
    "managed_agents_api",
    "message_batches_api",
    "messages_api",
    "office_agent",
  ],
  service_tier: ["batch", "flex", "flex_discount", "priority", "priority_on_demand", "standard"],
  speed: ["fast", "standard"],
};

const filterName = (dimension: string): string =>
  dimension === "claude_tag_category" ? "claude_tag_categories" : dimension === "actor" ? "actor_ids" : `${dimension}s`;

const PARAMETERS = [
  "starting_at",
  "ending_at",
  "time_bucket_width",
  "group_by[]",
  "order_by",
  "order",
  "limit",
  "page",
  "exclude_deleted_users",
  ...ANALYTICS_DIMENSIONS.map((dimension) => `${filterName(dimension)}[]`),
];

export const analyticsEndpoints = [
  defineEndpoint({
    name: "analytics_usage",
    method: "GET",
    path: "/v1/organizations/analytics/usage",
    keys: ["admin", "analytics"],
    limit: "analytics",
    paging: "report",
    beta: BETA,
    query: PARAMETERS,
    answer: (context) => {
      const orders = ["total_tokens", "output_tokens", "uncached_input_tokens", "requests", "time"] as const;
      const order = context.query.choice("order_by", orders) ?? "total_tokens";
      const dimensions = groupBy(context.query, ANALYTICS_DIMENSIONS);
      const size = ({ usage }: AnalyticsUsageRow): number => (order === "time" ? 0 : (usage[order] ?? 0));
      return answerPage(context, dimensions, order, size, (query, now) => context.world.analyticsUsage(query, now));
    },
  }),
  defineEndpoint({
    name: "analytics_cost",
    method: "GET",
    path: "/v1/organizations/analytics/cost",
    keys: ["admin", "analytics"],
    limit: "analytics",
    paging: "report",
    beta: BETA,
    query: PARAMETERS,
    answer: (context) => {
      const order = context.query.choice("order_by", ["amount", "list_amount", "time"]) ?? "amount";
      const dimensions = groupBy(context.query, [...ANALYTICS_DIMENSIONS, ...FAN_OUT], FAN_OUT);
      const size = ({ cost }: AnalyticsCostRow): number => (order === "time" ? 0 : Number(cost[order]));
      return answerPage(context, dimensions, order, size, (query, now) => context.world.analyticsCost(query, now));
    },
  }),
];

function answerPage<Row extends AnalyticsUsageRow | AnalyticsCostRow>(
  { path, query, world, now, snapshots }: Context,
  dimensions: readonly string[],
  order: string,
  size: (row: Row) => number,
  ask: (query: AnalyticsQuery, now: number) => Row[],
): unknown {
  const width = query.choice("time_bucket_width", ["1d", "1h", "1m"]) ?? null;
  const direction = query.choice("order", ["desc", "asc"]) ?? "desc";
  const limit = query.integer("limit", { min: 1, max: 1000, default: 20 });
  const excludeDeletedUsers = query.boolean("exclude_deleted_users");
  if (excludeDeletedUsers && !dimensions.includes("actor")) {
    throw badField("exclude_deleted_users", "Requires group_by[]=actor");
  }
  if (order === "time" && width === null) throw badField("order_by", "time works only with time_bucket_width");
  const filters = readFilters(query);
  const boundTo = query.fingerprint(path);
  const token = readPageToken(query, boundTo);
  const seenAt = token?.now ?? now;
  const { from, to } = analyticsRange(query, width, seenAt);
  const make = (): Row[][] =>
    arrange(ask({ from, to, width, groupBy: dimensions, filters, excludeDeletedUsers }, seenAt), size, direction);
  const key = `${world.directory.organization.id} ${path} ${boundTo} ${seenAt}`;
  const groups = token === undefined ? snapshots.open(key, make) : snapshots.again(key, make);
  const first = token?.at ?? 0;
  const next = first + limit;
  const more = next < groups.length;
  return {
    data: groups.slice(first, next).flat(),
    has_more: more,
    next_page: more ? pageToken({ at: next, end: 0, now: seenAt }, boundTo) : null,
    data_refreshed_at: refreshedAt(seenAt),
  };
}

/** Rows that differ only in the fan-out dimensions stay together; the groups are in the order asked for. */
function arrange<Row extends AnalyticsUsageRow | AnalyticsCostRow>(
  rows: readonly Row[],
  size: (row: Row) => number,
  direction: "asc" | "desc",
): Row[][] {
  const groups = new Map<string, { rows: Row[]; size: number; time: string; key: string }>();
  for (const row of rows) {
    const { cost_type: _cost, token_type: _token, ...dimensions } = row.group;
    const key = `${row.starting_at} ${JSON.stringify(dimensions)}`;
    const group = groups.get(key) ?? { rows: [], size: 0, time: row.starting_at, key };
    group.rows.push(row);
    group.size += size(row);
    groups.set(key, group);
  }
  const sign = direction === "asc" ? 1 : -1;
  return [...groups.values()]
    .sort((a, b) => sign * (a.size - b.size || compare(a.time, b.time)) || compare(a.key, b.key))
    .map((group) => group.rows);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function readFilters(query: Context["query"]): Record<string, string[]> {
  const filters: Record<string, string[]> = {};
  for (const dimension of ANALYTICS_DIMENSIONS) {
    const name = filterName(dimension);
    const allowed = ENUMS[dimension];
    const values = allowed === undefined ? query.list(name) : query.choices(name, allowed);
    if (values.length > 0) filters[dimension] = values;
  }
  return filters;
}
