import { Problem, problemReply } from "../server/problem.ts";
import type { Reply } from "../server/reply.ts";
import type { FaultKind, Occasion } from "./fault.ts";
import { FaultError, numberParam } from "./fault.ts";
import type { Fields } from "./json-text.ts";
import { isFields } from "./json-text.ts";
import {
  allPages,
  atCursor,
  cursorName,
  cursorOf,
  faultPosition,
  faultToken,
  isPaged,
  nextCursor,
  type Page,
  pageOf,
  promising,
  shuffled,
} from "./page-reading.ts";

const withBody = (reply: Reply, body: Fields): Reply => ({ ...reply, body: JSON.stringify(body) });

const isFirstPage = (occasion: Occasion): boolean => isPaged(occasion) && cursorOf(occasion) === null;
const isLaterPage = (occasion: Occasion): boolean => isPaged(occasion) && cursorOf(occasion) !== null;
const byToken = (occasion: Occasion): boolean => isPaged(occasion) && occasion.paging !== "id";

/** Continues the fault's own token `id`. */
const continues =
  (id: string) =>
  (occasion: Occasion): boolean =>
    isPaged(occasion) && faultPosition(id, cursorOf(occasion)) !== undefined;

/** Turns the fault's own token, whose position is the API's cursor, back into the API's query. */
const asksBehind =
  (id: string) =>
  (query: URLSearchParams, occasion: Occasion): URLSearchParams => {
    const position = faultPosition(id, cursorOf(occasion));
    return position === undefined ? query : atCursor(occasion, position === "" ? null : position);
  };

/** Asks for the first page in place of the fault's own token; the fault then puts in the page it means. */
const asksFirst =
  (id: string) =>
  (query: URLSearchParams, occasion: Occasion): URLSearchParams =>
    faultPosition(id, cursorOf(occasion)) === undefined ? query : atCursor(occasion, null);

/** A fault that alters good pages. */
const changesPage =
  (alter: (page: Page, occasion: Occasion) => Fields) =>
  (reply: Reply, occasion: Occasion): Reply => {
    const page = pageOf(reply);
    return page === undefined ? reply : withBody(reply, alter(page, occasion));
  };

/** Remembers, per list, the order of pages or rows that this reading of it was given. */
function remembered<Value>({ call, memory, paging }: Occasion, make: () => Value, isStart: boolean): Value {
  const query = new URLSearchParams(call.query);
  for (const name of ["page", "after_id", "before_id"]) query.delete(name);
  const key = `${paging} ${call.path}?${query.toString()}`;
  if (isStart || !memory.has(key)) memory.set(key, make());
  // Only this function writes under the key, always with what `make` of the same fault gives.
  return memory.get(key) as Value;
}

/** The `nth` of these pages, linked with the fault's own tokens. */
function linked(id: string, pages: readonly Page[], nth: number, occasion: Occasion): Fields {
  const page = pages[nth] ?? { data: [] };
  if (nth + 1 < pages.length) return promising(page, occasion, faultToken(id, String(nth + 1)));
  return "has_more" in page ? { ...page, has_more: false, next_page: null } : { ...page, next_page: null };
}

/** Serves a list in an altered division into pages: of rows for lists paged by id, of pages for the others. */
function redivides(id: string, pages: (pages: Page[], occasion: Occasion) => Page[]) {
  return (reply: Reply, occasion: Occasion): Reply => {
    if (pageOf(reply) === undefined) return reply;
    const start = cursorOf(occasion) === null;
    const list = remembered(occasion, () => pages(allPages(occasion), occasion), start);
    const nth = Number(faultPosition(id, cursorOf(occasion)) ?? 0);
    return withBody(reply, linked(id, list, nth, occasion));
  };
}

export const pagingFaults: readonly FaultKind[] = [
  {
    id: "F44",
    name: "empty-page",
    description: "an empty first page that says there is more (lists with page tokens only)",
    side: "upstream",
    applies: (occasion) => byToken(occasion) && isFirstPage(occasion),
    continues: continues("F44"),
    ask: asksBehind("F44"),
    change: changesPage((page, occasion) =>
      cursorOf(occasion) === null ? promising({ ...page, data: [] }, occasion, faultToken("F44", "")) : page,
    ),
  },
  {
    id: "F46",
    name: "repeated-page",
    description: "the first page comes twice, under two tokens; by id: the second page repeats the first one's rows",
    side: "upstream",
    applies: (occasion) => (occasion.paging === "id" ? isLaterPage(occasion) : isFirstPage(occasion)),
    continues: continues("F46"),
    ask: asksBehind("F46"),
    change: changesPage((page, occasion) => {
      if (occasion.paging === "id") return withRowsBefore(page, occasion);
      const isFirst = cursorOf(occasion) === null;
      return isFirst && nextCursor(page, occasion) !== null ? promising(page, occasion, faultToken("F46", "")) : page;
    }),
  },
  {
    id: "F47",
    name: "other-order",
    description: "rows, buckets and pages come in another order",
    side: "upstream",
    applies: isFirstPage,
    continues: (occasion) => continues("F47")(occasion) || (occasion.paging === "id" && isLaterPage(occasion)),
    ask: asksFirst("F47"),
    change: (reply, occasion) =>
      occasion.paging === "id" ? shuffledById(reply, occasion) : redivides("F47", shuffledPages)(reply, occasion),
  },
  {
    id: "F48",
    name: "expired-token",
    description: "400 for a page token half way",
    side: "upstream",
    times: 1,
    applies: isLaterPage,
    answer: (occasion) =>
      problemReply(new Problem(400, `${cursorName(occasion)}: The page token has expired`), occasion.call.requestId),
  },
  {
    id: "F49",
    name: "own-token-again",
    description: "next_page is the page just read",
    side: "upstream",
    applies: (occasion) => (occasion.paging === "id" ? isLaterPage(occasion) : isPaged(occasion)),
    continues: continues("F49"),
    ask: asksBehind("F49"),
    change: changesPage((page, occasion) => promising(page, occasion, cursorOf(occasion) ?? faultToken("F49", ""))),
  },
  {
    id: "F50",
    name: "more-without-token",
    description: "has_more true and no cursor (in lists without has_more: next_page empty)",
    side: "upstream",
    applies: isPaged,
    change: changesPage((page, occasion) =>
      // A list without has_more cannot promise; an empty cursor is as near as it gets.
      occasion.paging === "cursor" ? { ...page, next_page: "" } : promising(page, occasion, null),
    ),
  },
  {
    id: "F51",
    name: "endless-pages",
    description: "pages without end: after the real ones, empty ones with ever new tokens",
    side: "upstream",
    applies: isPaged,
    continues: continues("F51"),
    answer: (occasion) => {
      const nth = faultPosition("F51", cursorOf(occasion));
      const reply = occasion.serve(nth === undefined ? occasion.call.query : atCursor(occasion, null));
      const page = pageOf(reply);
      if (page === undefined) return reply;
      if (nth === undefined && nextCursor(page, occasion) !== null) return reply;
      const data = nth === undefined ? page.data : [];
      return withBody(reply, promising({ ...page, data }, occasion, faultToken("F51", String(Number(nth ?? 0) + 1))));
    },
  },
  {
    id: "F52",
    name: "moving-rows",
    description: "between two pages a row moves: it comes twice or not at all, for one reading of a list",
    side: "upstream",
    times: 1,
    params: { mode: "duplicate (default) or skip", place: "before which page it happens, 1 by default" },
    applies: isFirstPage,
    continues: (occasion) => continues("F52")(occasion) || (occasion.paging === "id" && movesHere(occasion)),
    ask: asksFirst("F52"),
    change: (reply, occasion) =>
      occasion.paging === "id" ? movedById(reply, occasion) : redivides("F52", movedPages)(reply, occasion),
  },
];

/** By id a later page may begin again with the rows before its cursor. */
function withRowsBefore(page: Page, occasion: Occasion): Fields {
  const query = atCursor(occasion, null);
  query.set("before_id", cursorOf(occasion) ?? "");
  const before = pageOf(occasion.serve(query));
  const at = allPages(occasion)
    .flatMap(({ data }) => data)
    .find((item) => isFields(item) && idOf(item) === cursorOf(occasion));
  const data = [...(before?.data ?? []), ...(at === undefined ? [] : [at]), ...page.data];
  return { ...page, data, first_id: idOf(data[0]) };
}

const idOf = (item: unknown): unknown => (isFields(item) ? (item["id"] ?? item["user_id"]) : null);

function shuffledPages(pages: Page[], { seed }: Occasion): Page[] {
  return shuffled(pages, `${seed}/pages`).map((page, nth) => ({
    ...page,
    data: shuffled(page.data, `${seed}/data/${nth}`).map((item) => {
      const results = isFields(item) ? item["results"] : undefined;
      return isFields(item) && Array.isArray(results)
        ? { ...item, results: shuffled<unknown>(results, `${seed}/rows`) }
        : item;
    }),
  }));
}

/** A list paged by id in another order: still one list, so a cursor means the place after its object. */
function shuffledById(reply: Reply, occasion: Occasion): Reply {
  const cursor = cursorOf(occasion);
  const rows = remembered(
    occasion,
    () =>
      shuffled(
        allPages(occasion).flatMap(({ data }) => data),
        String(occasion.seed),
      ),
    cursor === null,
  );
  const limit = numberParam({ limit: occasion.call.query.get("limit") ?? "20" }, "limit", 20);
  const from = cursor === null ? 0 : rows.findIndex((row) => idOf(row) === cursor) + 1;
  const data = rows.slice(from, from + limit);
  return withBody(reply, {
    data,
    has_more: from + limit < rows.length,
    first_id: idOf(data[0]),
    last_id: idOf(data.at(-1)),
  });
}

/** Moves one item over the border between two pages. */
function movedPages(pages: Page[], { params }: Occasion): Page[] {
  const place = numberParam(params, "place", 1);
  const before = pages[place - 1];
  const after = pages[place];
  if (before === undefined || after === undefined) return pages;
  const data = isDuplicate(params) ? [...before.data.slice(-1), ...after.data] : after.data.slice(1);
  return pages.map((page) => (page === after ? { ...page, data } : page));
}

function movedById(reply: Reply, occasion: Occasion): Reply {
  const page = pageOf(reply);
  const cursor = cursorOf(occasion);
  if (page === undefined) return reply;
  if (cursor === null) {
    // Marks that this reading of the list is the one in which a row moves.
    remembered(occasion, () => ({ left: true }), true);
    return reply;
  }
  remembered(occasion, () => ({ left: false }), true);
  const data = isDuplicate(occasion.params) ? withOneBefore(page, occasion) : page.data.slice(1);
  return withBody(reply, { ...page, data, first_id: idOf(data[0]) });
}

/** True for the second page of the reading that the fault chose. */
function movesHere(occasion: Occasion): boolean {
  return isLaterPage(occasion) && remembered(occasion, () => ({ left: false }), false).left;
}

function withOneBefore(page: Page, occasion: Occasion): unknown[] {
  const all = allPages(occasion).flatMap(({ data }) => data);
  const last = all.filter((item) => idOf(item) === cursorOf(occasion));
  return [...last, ...page.data];
}

function isDuplicate(params: Occasion["params"]): boolean {
  const mode = params["mode"] ?? "duplicate";
  if (mode !== "duplicate" && mode !== "skip") throw new FaultError("parameter mode should be duplicate or skip");
  return mode === "duplicate";
}
