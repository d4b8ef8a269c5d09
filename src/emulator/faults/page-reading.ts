import { createHash } from "node:crypto";
import type { Reply } from "../server/reply.ts";
import type { Occasion } from "./fault.ts";
import type { Fields } from "./json-text.ts";
import { goodBody } from "./json-text.ts";

/** The parameter that continues a list. */
export const cursorName = ({ paging }: Occasion): "page" | "after_id" => (paging === "id" ? "after_id" : "page");

export const cursorOf = (occasion: Occasion): string | null => occasion.call.query.get(cursorName(occasion));

export const isPaged = ({ call, paging }: Occasion): boolean => call.method === "GET" && paging !== undefined;

/** A page token that only the fault understands; it looks like any other. */
export function faultToken(id: string, position: string): string {
  return `page_${Buffer.from(`fault ${id} ${position}`).toString("base64")}`;
}

/** The position in a token made by this fault. */
export function faultPosition(id: string, token: string | null): string | undefined {
  if (token === null || !token.startsWith("page_")) return undefined;
  const [word, fault, position] = Buffer.from(token.slice("page_".length), "base64").toString().split(" ");
  return word === "fault" && fault === id ? position : undefined;
}

/** The query as it was asked, at another place of the list. */
export function atCursor(occasion: Occasion, cursor: string | null): URLSearchParams {
  const query = new URLSearchParams(occasion.call.query);
  query.delete(cursorName(occasion));
  if (cursor !== null) query.set(cursorName(occasion), cursor);
  return query;
}

export type Page = Fields & { data: unknown[] };

/** The good list in a reply. */
export function pageOf(reply: Reply): Page | undefined {
  const body = goodBody(reply);
  const data = body?.["data"];
  return body !== undefined && Array.isArray(data) ? { ...body, data } : undefined;
}

/** The cursor that a client would send to go on after this page; null at the end. */
export function nextCursor(page: Page, { paging }: Occasion): string | null {
  if (paging === "id") return page["has_more"] === true ? textOrNull(page["last_id"]) : null;
  return textOrNull(page["next_page"]);
}

const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** Every page of the list that the request is about, as the API itself gives them. */
export function allPages(occasion: Occasion): Page[] {
  const pages: Page[] = [];
  for (let cursor: string | null = null; ;) {
    const page = pageOf(occasion.serve(atCursor(occasion, cursor)));
    if (page === undefined) return pages;
    pages.push(page);
    cursor = nextCursor(page, occasion);
    if (cursor === null) return pages;
  }
}

/** Says that there is more, at this token, in the words of the list's style. */
export function promising(page: Page, occasion: Occasion, token: string | null): Fields {
  if (occasion.paging === "cursor") return { ...page, next_page: token };
  if (occasion.paging === "id") return { ...page, has_more: true, last_id: token };
  return { ...page, has_more: true, next_page: token };
}

/** The same order for the same seed. */
export function shuffled<Item>(items: readonly Item[], seed: string): Item[] {
  const rank = (index: number): string => createHash("sha256").update(`${seed}/${index}`).digest("hex");
  return items
    .map((item, index) => ({ item, rank: rank(index) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ item }) => item);
}
