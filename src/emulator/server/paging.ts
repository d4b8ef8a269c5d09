import { badField } from "./problem.ts";
import type { Query } from "./query.ts";

export interface IdPage<Item> {
  readonly data: Item[];
  readonly has_more: boolean;
  readonly first_id: string | null;
  readonly last_id: string | null;
}

/** The parameters of paging by id. */
export const ID_PAGING = ["limit", "after_id", "before_id"] as const;

/**
 * Pages a list by the ids of its items: `after_id` goes on, `before_id` goes back, `has_more` speaks of the direction
 * being paged.
 */
export function pageById<Item>(items: readonly Item[], query: Query, idOf: (item: Item) => string): IdPage<Item> {
  const limit = query.integer("limit", { min: 1, max: 1000, default: 20 });
  const after = query.text("after_id");
  const before = query.text("before_id");
  if (after !== undefined && before !== undefined) throw badField("after_id", "Cannot be combined with before_id");
  const indexOf = (name: string, id: string): number => {
    const index = items.findIndex((item) => idOf(item) === id);
    if (index < 0) throw badField(name, "No object with this ID in the list");
    return index;
  };
  let from = 0;
  let to = items.length;
  let hasMore: boolean;
  if (before === undefined) {
    from = after === undefined ? 0 : indexOf("after_id", after) + 1;
    to = Math.min(items.length, from + limit);
    hasMore = to < items.length;
  } else {
    to = indexOf("before_id", before);
    from = Math.max(0, to - limit);
    hasMore = from > 0;
  }
  const data = items.slice(from, to);
  const first = data[0];
  const last = data.at(-1);
  return {
    data,
    has_more: hasMore,
    first_id: first === undefined ? null : idOf(first),
    last_id: last === undefined ? null : idOf(last),
  };
}

/**
 * Where a sequence of pages stands. `end` and `now` are those of the first page, so that a token gives the same page
 * again however far the clock has moved.
 */
export interface Position {
  readonly at: number;
  readonly end: number;
  readonly now: number;
}

/** `page_` and base64, beginning with a readable position, as the tokens in the vendor's examples do. */
export function pageToken(position: Position, boundTo: string): string {
  const text = [readable(position.at), position.end, position.now, boundTo].join(" ");
  return `page_${Buffer.from(text).toString("base64")}`;
}

/**
 * Reads the request's page token.
 *
 * @throws Problem 400 when the token is not ours or belongs to other parameters.
 */
export function readPageToken(query: Query, boundTo: string): Position | undefined {
  const token = query.text("page");
  if (token === undefined) return undefined;
  if (!token.startsWith("page_")) throw badField("page", "Invalid page token");
  const parts = Buffer.from(token.slice("page_".length), "base64").toString().split(" ");
  const [at, end, now, bound] = parts;
  if (parts.length !== 4 || at === undefined || end === undefined || now === undefined) {
    throw badField("page", "Invalid page token");
  }
  const position = { at: at.includes("T") ? Date.parse(at) : Number(at), end: Number(end), now: Number(now) };
  if (!Object.values(position).every((value) => Number.isSafeInteger(value))) {
    throw badField("page", "Invalid page token");
  }
  if (bound !== boundTo) throw badField("page", "The page token does not match the query parameters");
  return position;
}

/** Pages a list by a cursor. Without a limit everything comes in one page, unless the endpoint has a default. */
export function pageByCursor<Item>(
  items: readonly Item[],
  query: Query,
  path: string,
  defaultLimit: number,
): { data: Item[]; next_page: string | null } {
  const limit = query.integer("limit", { min: 1, max: 1000, default: defaultLimit });
  const boundTo = query.fingerprint(path);
  const from = readPageToken(query, boundTo)?.at ?? 0;
  const to = from + limit;
  const next = to < items.length ? pageToken({ at: to, end: 0, now: 0 }, boundTo) : null;
  return { data: items.slice(from, to), next_page: next };
}

function readable(at: number): string {
  return at > 1e11 ? new Date(at).toISOString().replace(".000Z", "Z") : String(at);
}
