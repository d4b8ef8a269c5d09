import { WIDTH_MS, daysWithin, emptyBuckets } from "./buckets.ts";
import { DAY_MS } from "./calendar.ts";
import type { Cell, Dims } from "./cell.ts";
import { isBilled, type Days } from "./days.ts";
import type { Overlay } from "./overlay.ts";
import { hashOf } from "./random.ts";
import type { Setting } from "./setting.ts";
import type { Bucket, MessagesUsageQuery, MessagesUsageResult } from "./types.ts";

/** A dimension's value as the report shows it. */
const DIMENSIONS: Record<Dimension, (dims: Dims, defaultId: string) => string | null> = {
  account_id: (dims) => dims.accountId,
  api_key_id: (dims) => dims.apiKeyId,
  context_window: (dims) => dims.contextWindow,
  inference_geo: (dims) => dims.geo,
  model: (dims) => dims.model,
  service_account_id: (dims) => dims.serviceAccountId,
  service_tier: (dims) => dims.tier,
  speed: (dims) => dims.speed,
  workspace_id: (dims, defaultId) => (dims.workspaceId === defaultId ? null : dims.workspaceId),
};

type Dimension =
  | "account_id"
  | "api_key_id"
  | "context_window"
  | "inference_geo"
  | "model"
  | "service_account_id"
  | "service_tier"
  | "speed"
  | "workspace_id";

interface Group {
  readonly order: number;
  readonly shown: Readonly<Partial<Record<Dimension, string | null>>>;
}

/** `GET /usage_report/messages`: everything but subscription use, in whole buckets, shuffled within each. */
export function messagesUsage(
  setting: Setting,
  days: Days,
  overlay: Overlay,
  query: MessagesUsageQuery,
  now: number,
): Bucket<MessagesUsageResult>[] {
  const widthMs = WIDTH_MS[query.width];
  const buckets = emptyBuckets<MessagesUsageResult>(query.from, query.to, widthMs);
  const rows: (Map<Group, MessagesUsageResult> | undefined)[] = [];
  const groups = new Groups(setting, query);
  for (const day of daysWithin(query.from, query.to)) {
    for (const cell of overlay.applyTo(days.seen(day, "legacy", now), "messages").cells) {
      const at = day * DAY_MS + cell.minute * 60_000;
      const bucket = Math.floor((at - query.from) / widthMs);
      if (bucket < 0 || bucket >= buckets.length || !isBilled(cell)) continue;
      const group = groups.of(cell.dims);
      if (group === null) continue;
      const inBucket = (rows[bucket] ??= new Map<Group, MessagesUsageResult>());
      const row = inBucket.get(group);
      if (row === undefined) inBucket.set(group, add(emptyRow(group), cell));
      else add(row, cell);
    }
  }
  for (const [at, bucket] of buckets.entries()) {
    const salt = hashOf(setting.seed, bucket.starting_at);
    bucket.results = [...(rows[at] ?? [])]
      .map(([group, row]) => ({ order: Math.imul(group.order ^ salt, 0x9e3779b1) >>> 0, row }))
      .toSorted((a, b) => a.order - b.order)
      .map(({ row }) => row);
  }
  return buckets;
}

/** Which group a combination falls into, worked out once for each combination. */
class Groups {
  readonly #ofDims: (Group | null | undefined)[] = [];
  readonly #ofNaming = new Map<string, Group>();
  readonly #defaultId: string;
  readonly #groupBy: Dimension[];
  readonly #filters: [Dimension, readonly string[]][];

  constructor(setting: Setting, query: MessagesUsageQuery) {
    this.#defaultId = setting.workspaces.Default.id;
    this.#groupBy = query.groupBy.map(dimensionOf).toSorted();
    this.#filters = Object.entries(query.filters).map(([name, values]) => [dimensionOf(name), values]);
  }

  /** Null: filtered out. */
  of(dims: Dims): Group | null {
    return (this.#ofDims[dims.index] ??= this.#find(dims));
  }

  #find(dims: Dims): Group | null {
    const accepts = this.#filters.every(([name, values]) => {
      const value = name === "workspace_id" ? dims.workspaceId : DIMENSIONS[name](dims, this.#defaultId);
      return value !== null && values.includes(value);
    });
    if (!accepts) return null;
    const shown = Object.fromEntries(this.#groupBy.map((name) => [name, DIMENSIONS[name](dims, this.#defaultId)]));
    const naming = JSON.stringify(shown);
    const known = this.#ofNaming.get(naming);
    if (known !== undefined) return known;
    const fresh = { order: hashOf(naming), shown };
    this.#ofNaming.set(naming, fresh);
    return fresh;
  }
}

function dimensionOf(name: string): Dimension {
  const known = Object.keys(DIMENSIONS).find((dimension): dimension is Dimension => dimension === name);
  if (known === undefined) throw new RangeError(`no such dimension: ${name}`);
  return known;
}

function emptyRow({ shown }: Group): MessagesUsageResult {
  return {
    uncached_input_tokens: 0,
    cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
    cache_read_input_tokens: 0,
    output_tokens: 0,
    server_tool_use: { web_search_requests: 0 },
    account_id: null,
    api_key_id: null,
    context_window: null,
    inference_geo: null,
    model: null,
    service_account_id: null,
    service_tier: null,
    workspace_id: null,
    ...shown,
  };
}

function add(row: MessagesUsageResult, cell: Cell): MessagesUsageResult {
  row.uncached_input_tokens += cell.uncachedInput;
  row.cache_creation.ephemeral_1h_input_tokens += cell.write1h;
  row.cache_creation.ephemeral_5m_input_tokens += cell.write5m;
  row.cache_read_input_tokens += cell.cacheRead;
  row.output_tokens += cell.output;
  row.server_tool_use.web_search_requests += cell.searches;
  return row;
}
