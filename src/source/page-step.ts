import type { JsonObject } from "../domain/index.ts";
import type { Paging, UpstreamRequest } from "./types.ts";

/** What a page says about the next one: that there is none, its cursor, or nothing one could follow. */
export type Step = { readonly end: true } | { readonly cursor: string } | { readonly broken: string };

/** Reads the promise of a page. The three styles stop for different reasons, so none is read for another. */
export function stepAfter(paging: Paging, body: JsonObject): Step {
  if (paging === "single") return { end: true };
  if (paging === "cursor") {
    const next = body["next_page"];
    if (next === null) return { end: true };
    return promised(next, "next_page");
  }
  const hasMore = body["has_more"];
  if (hasMore === false) return { end: true };
  if (hasMore !== true) return { broken: "a page does not say whether there is more" };
  return paging === "by_id" ? promised(body["last_id"], "last_id") : promised(body["next_page"], "next_page");
}

/** The same question for the page behind a cursor: every other parameter is repeated. */
export function requestAt(request: UpstreamRequest, paging: Paging, cursor: string | null): UpstreamRequest {
  if (cursor === null) return request;
  return { ...request, query: [...request.query, [paging === "by_id" ? "after_id" : "page", cursor]] };
}

function promised(cursor: unknown, member: string): Step {
  if (typeof cursor === "string" && cursor !== "") return { cursor };
  return { broken: `a page promises more, but its ${member} is no cursor` };
}
