import { Failure, isFailure, systemClock, type Clock } from "../domain/index.ts";
import { canonicalJson } from "../ledger/index.ts";
import { describe } from "./read.ts";
import { requestAt, stepAfter } from "./page-step.ts";
import type { FetchedWindow, Known, RecordDraft, SourceClient, Stream, UpstreamRequest, Window } from "./types.ts";

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** Asked only where upstream sends no date. */
  readonly clock?: Clock;
  /** Pages of one chain at most. */
  readonly mostPages?: number;
}

const MOST_PAGES = 10_000;
/** Readings of a window whose rows moved, and beginnings of a window whose page token expired. */
const MOST_PASSES = 3;

type FetchedPage = FetchedWindow["pages"][number];

/** One reading of a window from its first page. */
interface Pass {
  readonly pages: FetchedPage[];
  readonly warnings: Set<string>;
  incomplete: string | null;
  refreshedAt: number | null;
}

/**
 * Reads all pages of a window, to the end or to the reason why not.
 *
 * A page chain that repeats a cursor, promises more without one, or does not end within the cap leaves an incomplete
 * window. An expired page token starts the window again; so does a row that stood on two pages, until two readings
 * agree. Pages of abandoned readings stay in the answer, without records: they were fetched.
 *
 * @throws Failure `source.*` when a page could not be had at all; nothing of the window is to be kept then.
 */
export async function readWindow(
  client: SourceClient,
  stream: Stream,
  window: Window,
  known: Known,
  options: ReadOptions = {},
): Promise<FetchedWindow> {
  const abandoned: FetchedPage[] = [];
  const warnings = new Set<string>();
  let before: Pass | null = null;
  let expired = 0;
  for (let passes = 1; ;) {
    const pass: Pass = { pages: [], warnings, incomplete: null, refreshedAt: null };
    try {
      await readPass(client, stream, stream.requests(window, known), pass, options);
    } catch (thrown) {
      abandoned.push(...withoutRecords(pass.pages));
      if (!isFailure(thrown, "source.page_expired") || ++expired >= MOST_PASSES) throw thrown;
      warnings.add("a page token expired; the window was read again from its first page");
      continue;
    }
    const moved = before !== null || hasMovedRows(pass.pages);
    const agrees = before === null ? !moved : sameRows(before.pages, pass.pages);
    if (pass.incomplete === null && !agrees && passes < MOST_PASSES) {
      warnings.add("rows stood on two pages; the window was read again");
      abandoned.push(...withoutRecords(pass.pages));
      before = pass;
      passes += 1;
      continue;
    }
    return {
      window,
      pages: [...abandoned, ...pass.pages],
      incomplete: pass.incomplete ?? (agrees ? null : `${passes} readings of it disagree`),
      warnings: [...warnings],
      upstreamNow: pass.pages.at(-1)?.facts.date ?? (options.clock ?? systemClock).now(),
      refreshedAt: pass.refreshedAt,
    };
  }
}

async function readPass(
  client: SourceClient,
  stream: Stream,
  requests: readonly UpstreamRequest[],
  pass: Pass,
  options: ReadOptions,
): Promise<void> {
  let skipped: Failure | null = null;
  let read = 0;
  for (const request of requests) {
    const refused = await readChain(client, stream, request, pass, options);
    if (refused === null) read += 1;
    else skipped = refused;
  }
  // One workspace without a list is normal. All of several without one: the endpoint itself is not there.
  if (skipped !== null && read === 0 && requests.length > 1) throw skipped;
}

/** Reads a chain to its end. Gives the refusal when the stream would rather go on without it. */
async function readChain(
  client: SourceClient,
  stream: Stream,
  first: UpstreamRequest,
  pass: Pass,
  { signal, mostPages = MOST_PAGES }: ReadOptions,
): Promise<Failure | null> {
  const asked = new Set<string>();
  let request = first;
  let cursor: string | null = null;
  for (let count = 1; ; count++) {
    let page;
    try {
      page = await client.get(requestAt(request, stream.paging, cursor), signal);
    } catch (thrown) {
      const way = cursor === null && thrown instanceof Failure ? stream.onRefusal?.(request, thrown) : null;
      if (!way) throw thrown;
      if (way.warning !== null) pass.warnings.add(way.warning);
      if (way.instead === null) return thrown as Failure;
      request = way.instead;
      continue;
    }
    const { body, facts } = page;
    for (const note of page.notes) pass.warnings.add(note);
    if (stream.paging !== "single" && !Array.isArray(body["data"])) {
      // Taken for an empty list, this would make every record of the window vanish.
      const problem = `data: ${describe(body["data"])} where a list belongs`;
      throw new Failure("source.body_unreadable", { endpoint: request.path, problem, requestId: facts.requestId });
    }
    const records = stream.records(body, request, (what) => (pass.incomplete ??= what));
    const step = stepAfter(stream.paging, body);
    pass.pages.push({ facts: { ...facts, rows: records.length, hasMore: !("end" in step) }, records });
    pass.refreshedAt = earlier(pass.refreshedAt, stream.refreshedAt?.(body) ?? null);
    if ("end" in step) return null;
    const stop =
      "broken" in step
        ? step.broken
        : asked.has(step.cursor)
          ? "a page points to one that was read already"
          : count >= mostPages
            ? new Failure("source.pages_without_end", { endpoint: request.path, most: mostPages }).message
            : null;
    if (stop !== null || "broken" in step) {
      pass.incomplete ??= stop;
      return null;
    }
    cursor = step.cursor;
    asked.add(cursor);
  }
}

/** Whether a row stood on two pages: between two requests the list was not the same. */
function hasMovedRows(pages: readonly FetchedPage[]): boolean {
  if (pages.length < 2) return false;
  const pageOf = new Map<string, number>();
  for (const [index, page] of pages.entries()) {
    for (const { key } of page.records) {
      const nk = JSON.stringify(key);
      if ((pageOf.get(nk) ?? index) !== index) return true;
      pageOf.set(nk, index);
    }
  }
  return false;
}

function sameRows(a: readonly FetchedPage[], b: readonly FetchedPage[]): boolean {
  const rows = rowsOf(a);
  const others = rowsOf(b);
  return rows.size === others.size && [...rows].every((row) => others.has(row));
}

function rowsOf(pages: readonly FetchedPage[]): Set<string> {
  const text = ({ key, data }: RecordDraft) => canonicalJson([key, data]);
  return new Set(pages.flatMap((page) => page.records.map(text)));
}

function withoutRecords(pages: readonly FetchedPage[]): FetchedPage[] {
  return pages.map(({ facts }) => ({ facts, records: [] }));
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}
