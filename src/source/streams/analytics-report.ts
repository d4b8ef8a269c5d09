import {
  day,
  dim,
  isJsonObject,
  tryDay,
  type Column,
  type DayNumber,
  type Json,
  type JsonObject,
  type Row,
  type RowValue,
  type Table,
} from "../../domain/index.ts";
import { canonicalJson } from "../../ledger/index.ts";
import {
  bucketDay,
  bucketKey,
  describe,
  keyPart,
  keyTextAt,
  member,
  objectsOf,
  textAt,
  type Problem,
} from "../read.ts";
import { ask, bounds, dataOf, groupBy, organizationOf, spanOf } from "../request.ts";
import type { Known, RecordDraft, RecordView, ReportShape, UpstreamRequest, Window } from "../types.ts";

const BETA = "analytics-usage-cost-2026-08-24";
const HOUR_MS = 3_600_000;
const FIRST_DAY: DayNumber = tryDay("2026-01-01")!;

/**
 * Upstream allows 31 days a request; two keep a window to a few pages of rows, and so a sync's memory small. It reaches back 365 days from now, so
 * the first whole day is 364 days ago: midnight 365 days ago is already out of range by the hours of today.
 */
export const analyticsReport: ReportShape = {
  kind: "report",
  longest: 2,
  earliest: (today) => Math.max(FIRST_DAY, today - 364),
  provisionalDays: 30,
  rereads: [
    { days: 3, everyMs: HOUR_MS },
    { days: 30, everyMs: 24 * HOUR_MS },
  ],
};

export const ANALYTICS_GROUPS = ["actor", "api_key_id", "workspace_id", "model", "product"] as const;

/** Columns that both reports share; `actor` is an identity, its e-mail only a label of the moment. */
export const analyticsColumns = {
  organization_id: dim("organization"),
  day: day(),
  actor: dim("analytics_actor"),
  api_key_id: dim("api_key"),
  workspace_id: dim("workspace"),
  model: dim("model"),
  product: dim("product"),
  actor_email: dim("email"),
  actor_type: dim("actor_type"),
} satisfies Record<string, Column>;

export function analyticsRequest(
  path: string,
  groups: readonly string[],
  window: Window,
  known: Known,
): UpstreamRequest[] {
  const query = [
    ...bounds(spanOf(window)),
    ["time_bucket_width", "1d"] as const,
    ...groupBy(...groups),
    // By size, the default, rows would move between pages while late data arrive.
    ["order_by", "time"] as const,
    ["order", "asc"] as const,
    ["limit", "1000"] as const,
  ];
  return [ask(known, path, query, { beta: BETA })];
}

/**
 * The records of a page: rows of today's shape, or results inside buckets as in the shape of June 2026, where the
 * dimensions stand in the result itself.
 */
export function analyticsRecords(
  body: JsonObject,
  request: UpstreamRequest,
  groups: readonly string[],
  odd: (what: string) => void,
): RecordDraft[] {
  const draft = (data: JsonObject, start: Json | undefined): RecordDraft => ({
    day: bucketDay(start, null),
    key: [
      organizationOf(request),
      bucketKey(start),
      ...groups.map((name) => (name === "actor" ? actorOf(group(data)) : keyPart(group(data), name))),
    ],
    data,
  });
  return objectsOf(dataOf(body), (what) => odd(`data: ${what}`)).flatMap((entry) => {
    const results = entry["results"];
    if (results === undefined) return [draft(entry, entry["starting_at"])];
    if (Array.isArray(results)) {
      return objectsOf(results as readonly Json[], (what) => odd(`results: ${what}`)).map((data) =>
        draft(data, entry["starting_at"]),
      );
    }
    odd(`a bucket's results: ${describe(results)} where a list belongs`);
    return [];
  });
}

/** Who used it, as one text: `user:ID`, `svac:ID`, `key:ID`, `federated:SUBJECT (PROVIDER)`, else `TYPE:…`. */
function actorOf(data: JsonObject): string | null {
  const actor = data["actor"];
  if (actor === undefined || actor === null) return null;
  if (!isJsonObject(actor)) return `unreadable:${canonicalJson(actor)}`;
  const { type, ...rest } = actor;
  const known = typeof type === "string" && Object.hasOwn(IDENTITIES, type) ? IDENTITIES[type] : undefined;
  const id = known && actor[known.member];
  if (known && typeof id === "string") return `${known.prefix}:${id}`;
  if (type === "federated_actor") {
    // A subject is unique within its provider only.
    const subject = typeof actor["subject"] === "string" ? actor["subject"] : "";
    return `federated:${subject}${providerOf(actor["provider"])}`;
  }
  return `${typeof type === "string" ? type : "unknown"}:${canonicalJson(rest)}`;
}

/** Kinds of actors with an id of their own. */
const IDENTITIES: Readonly<Record<string, { readonly prefix: string; readonly member: string }>> = {
  user_actor: { prefix: "user", member: "user_id" },
  service_account_actor: { prefix: "svac", member: "service_account_id" },
  api_actor: { prefix: "key", member: "api_key_id" },
};

/** Values that both tables begin with, or null for a record without a readable day, which is told. */
function analyticsValues(record: RecordView, problem: Problem): Record<string, RowValue> | null {
  if (record.day === null) {
    problem("starting_at", "is no instant");
    return null;
  }
  const data = group(record.data);
  const actor = data["actor"];
  if (actor !== undefined && actor !== null && !isJsonObject(actor)) {
    problem("group.actor", `${describe(actor)} where an object belongs`);
  }
  return {
    organization_id: record.organizationId,
    day: record.day,
    actor: actorOf(data),
    api_key_id: keyTextAt(data, "api_key_id", problem),
    workspace_id: keyTextAt(data, "workspace_id", problem),
    model: keyTextAt(data, "model", problem),
    product: keyTextAt(data, "product", problem),
    actor_email: textAt(data, "actor.email_address", problem, "optional"),
    actor_type: textAt(data, "actor.type", problem, "optional"),
  };
}

export function analyticsRow(
  table: Table,
  record: RecordView,
  problem: Problem,
  more: (problem: Problem) => Record<string, RowValue>,
): Row[] {
  const values = analyticsValues(record, problem);
  return values === null ? [] : [{ table, values: { ...values, ...more(problem) } }];
}

/** The grouped values: under `group` today, in the result itself in the older shape. */
export function group(data: JsonObject): JsonObject {
  return isJsonObject(data["group"]) ? data["group"] : data;
}

/** The figures, and how to tell of a problem in them: under `name` today, in the older shape in the result itself. */
export function figuresUnder(data: JsonObject, name: string, problem: Problem): [figures: Json, told: Problem] {
  const nested = member(data, name);
  if (nested === undefined) return [data, problem];
  return [nested, (path, what, severity) => problem(`${name}.${path}`, what, severity)];
}

function providerOf(provider: Json | undefined): string {
  if (!isJsonObject(provider)) return "";
  const { type, ...rest } = provider;
  const parts = [
    type,
    ...Object.keys(rest)
      .sort()
      .map((name) => rest[name]),
  ];
  return ` (${parts.filter((part) => typeof part === "string").join(" ")})`;
}
