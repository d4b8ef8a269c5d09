import { WIDTH_MS, daysWithin } from "./buckets.ts";
import { DAY_MS, HOUR_MS, instantText } from "./calendar.ts";
import type { Cell, Charge } from "./cell.ts";
import { FacetTable, type Facets } from "./analytics-facets.ts";
import { cellCosts, chargeCost, type CellCost } from "./analytics-money.ts";
import { isBilled, type Days } from "./days.ts";
import { centsText } from "./money.ts";
import type { Overlay } from "./overlay.ts";
import type { Setting } from "./setting.ts";
import type { AnalyticsCostRow, AnalyticsQuery, AnalyticsUsageRow } from "./types.ts";

/** `GET /analytics/usage`: one row for each group (and bucket) with usage, oldest bucket first. */
export function analyticsUsage(
  setting: Setting,
  days: Days,
  overlay: Overlay,
  query: AnalyticsQuery,
  now: number,
): AnalyticsUsageRow[] {
  const facets = new FacetTable(setting, query, []);
  const rows = new Rows(query, (bounds, group): AnalyticsUsageRow => ({ ...bounds, group, usage: emptyUsage() }));
  for (const day of daysWithin(query.from, query.to)) {
    for (const cell of overlay.applyTo(days.seen(day, "analytics", now), "analytics").cells) {
      if (!isBilled(cell) || !isWithin(query, day, cell)) continue;
      const found = facets.ofDims(cell.dims);
      if (found !== null) addUsage(rows.at(day, cell, found, "").usage, cell);
    }
  }
  return rows.list().filter(({ usage }) => usage.total_tokens > 0);
}

/** `GET /analytics/cost`: list price and, a tenth below, the contract's. */
export function analyticsCost(
  setting: Setting,
  days: Days,
  overlay: Overlay,
  query: AnalyticsQuery,
  now: number,
): AnalyticsCostRow[] {
  const byCostType = query.groupBy.includes("cost_type");
  const byTokenType = query.groupBy.includes("token_type");
  const isSplit = byCostType || byTokenType;
  const facets = new FacetTable(setting, query, ["cost_type", "token_type"]);
  const money = new Map<AnalyticsCostRow, { list: number; net: number }>();
  const rows = new Rows(query, (bounds, group): AnalyticsCostRow => {
    const row: AnalyticsCostRow = {
      ...bounds,
      group,
      cost: { amount: "", list_amount: "", currency: "USD", requests: isSplit ? null : 0 },
    };
    money.set(row, { list: 0, net: 0 });
    return row;
  });
  const add = (day: number, item: Cell | Charge, found: Facets, costs: readonly CellCost[], requests: number): void => {
    let row: AnalyticsCostRow | undefined;
    for (const cost of costs) {
      if (row === undefined || isSplit) {
        const costType = byCostType ? cost.costType : null;
        const tokenType = byTokenType ? cost.tokenType : null;
        row = rows.at(day, item, found, isSplit ? `${costType}|${tokenType}` : "");
        row.group["cost_type"] = costType;
        row.group["token_type"] = tokenType;
      }
      const sums = money.get(row);
      if (sums === undefined) continue;
      sums.list += cost.list;
      sums.net += cost.net;
    }
    if (row !== undefined && row.cost.requests !== null) row.cost.requests += requests;
  };
  for (const day of daysWithin(query.from, query.to)) {
    const { cells, charges } = overlay.applyTo(days.seen(day, "analytics", now), "analytics");
    for (const cell of cells) {
      if (!isBilled(cell) || !isWithin(query, day, cell)) continue;
      const found = facets.ofDims(cell.dims);
      if (found !== null) add(day, cell, found, cellCosts(cell, day), cell.requests);
    }
    for (const charge of charges) {
      if (!isWithin(query, day, charge)) continue;
      const found = facets.ofCharge(charge);
      if (found !== null) add(day, charge, found, [chargeCost(charge)], charge.spans);
    }
  }
  for (const [{ cost }, { list, net }] of money) {
    cost.amount = centsText(BigInt(net));
    cost.list_amount = centsText(BigInt(list));
  }
  return rows.list().filter(({ cost }) => cost.list_amount !== "0.000000");
}

function isWithin(query: AnalyticsQuery, day: number, item: Cell | Charge): boolean {
  const at = day * DAY_MS + item.minute * 60_000;
  return query.from <= at && at < query.to;
}

interface Bounds {
  starting_at: string;
  ending_at: string;
}

/** Rows by bucket and group; without a width the bounds are the range's, rounded down to the hour. */
class Rows<Row extends Bounds> {
  readonly #query: AnalyticsQuery;
  readonly #create: (bounds: Bounds, group: Record<string, unknown>) => Row;
  readonly #byBucket = new Map<number, Map<Facets, Map<string, Row>>>();

  constructor(query: AnalyticsQuery, create: (bounds: Bounds, group: Record<string, unknown>) => Row) {
    this.#query = query;
    this.#create = create;
  }

  /** `kind` tells rows of one group apart; it is empty where a group is one row. */
  at(day: number, item: Cell | Charge, facets: Facets, kind: string): Row {
    const bucket = this.#bucketOf(day * DAY_MS + item.minute * 60_000);
    const groups = setDefault(this.#byBucket, bucket, () => new Map<Facets, Map<string, Row>>());
    const rows = setDefault(groups, facets, () => new Map<string, Row>());
    return setDefault(rows, kind, () => this.#create(this.#bounds(bucket), facets.newGroup()));
  }

  /** By time, then by group: stable whatever was asked before. */
  list(): Row[] {
    return [...this.#byBucket]
      .toSorted(([a], [b]) => a - b)
      .flatMap(([, groups]) =>
        [...groups]
          .toSorted(([a], [b]) => (a.naming < b.naming ? -1 : 1))
          .flatMap(([, rows]) => [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)),
      );
  }

  #bucketOf(at: number): number {
    const { width, from } = this.#query;
    if (width === null) return Math.floor(from / HOUR_MS) * HOUR_MS;
    return Math.floor(at / WIDTH_MS[width]) * WIDTH_MS[width];
  }

  #bounds(bucket: number): Bounds {
    const { width, to } = this.#query;
    const end = width === null ? Math.floor(to / HOUR_MS) * HOUR_MS : bucket + WIDTH_MS[width];
    return { starting_at: instantText(bucket), ending_at: instantText(end) };
  }
}

function setDefault<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const fresh = create();
  map.set(key, fresh);
  return fresh;
}

function emptyUsage(): AnalyticsUsageRow["usage"] {
  return {
    uncached_input_tokens: 0,
    cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
    cache_read_input_tokens: 0,
    output_tokens: 0,
    total_tokens: 0,
    requests: 0,
    server_tool_use: { web_search_requests: 0 },
  };
}

function addUsage(usage: AnalyticsUsageRow["usage"], cell: Cell): void {
  usage.uncached_input_tokens += cell.uncachedInput;
  usage.cache_creation.ephemeral_1h_input_tokens += cell.write1h;
  usage.cache_creation.ephemeral_5m_input_tokens += cell.write5m;
  usage.cache_read_input_tokens += cell.cacheRead;
  usage.output_tokens += cell.output;
  usage.total_tokens += cell.uncachedInput + cell.write1h + cell.write5m + cell.cacheRead + cell.output;
  usage.requests = (usage.requests ?? 0) + cell.requests;
  usage.server_tool_use.web_search_requests += cell.searches;
}
