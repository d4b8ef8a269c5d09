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
  const facets = new FacetTable(setting, query, ["cost_type", "token_type"]);
  const money = new Map<AnalyticsCostRow, { list: number; net: number }>();
  const rows = new Rows(query, (bounds, group): AnalyticsCostRow => {
    const requests = byCostType || byTokenType ? null : 0;
    const row: AnalyticsCostRow = {
      ...bounds,
      group,
      cost: { amount: "", list_amount: "", currency: "USD", requests },
    };
    money.set(row, { list: 0, net: 0 });
    return row;
  });
  const add = (day: number, item: Cell | Charge, found: Facets, costs: readonly CellCost[], requests: number): void => {
    const touched = new Set<AnalyticsCostRow>();
    for (const cost of costs) {
      const kind = { cost_type: byCostType ? cost.costType : null, token_type: byTokenType ? cost.tokenType : null };
      const row = rows.at(day, item, found, `${kind.cost_type}|${kind.token_type}`);
      Object.assign(row.group, kind);
      const sums = money.get(row);
      if (sums === undefined) continue;
      sums.list += cost.list;
      sums.net += cost.net;
      touched.add(row);
    }
    for (const { cost } of touched) if (cost.requests !== null) cost.requests += requests;
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
  readonly #byBucket = new Map<number, Map<string, Row>>();

  constructor(query: AnalyticsQuery, create: (bounds: Bounds, group: Record<string, unknown>) => Row) {
    this.#query = query;
    this.#create = create;
  }

  at(day: number, item: Cell | Charge, facets: Facets, kind: string): Row {
    const bucket = this.#bucketOf(day * DAY_MS + item.minute * 60_000);
    let rows = this.#byBucket.get(bucket);
    if (rows === undefined) this.#byBucket.set(bucket, (rows = new Map<string, Row>()));
    const naming = kind === "" ? facets.naming : `${facets.naming}|${kind}`;
    let row = rows.get(naming);
    if (row === undefined) rows.set(naming, (row = this.#create(this.#bounds(bucket), structuredClone(facets.group))));
    return row;
  }

  /** By time, then by group: stable whatever was asked before. */
  list(): Row[] {
    return [...this.#byBucket]
      .toSorted(([a], [b]) => a - b)
      .flatMap(([, rows]) => [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row));
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
