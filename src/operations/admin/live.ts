import { dayOfInstant, Failure, type DayNumber, type JsonObject, type Row, type Span } from "../../domain/index.ts";
import { readWindow, type FetchedWindow, type Known, type Stream } from "../../source/index.ts";
import type { OperationContext } from "../context.ts";
import { upstreamOf } from "../upstream-of.ts";
import { liveConnection, type KnownOrganization } from "./organizations.ts";

/** What Anthropic answered just now. */
export interface LiveReading {
  readonly records: readonly LiveRecord[];
  /** Upstream's clock at the last answer, ms. */
  readonly now: number;
  /** Why some of it is not whole, and what was odd. */
  readonly warnings: readonly LiveWarning[];
  readonly requests: number;
}

export interface LiveRecord {
  readonly organizationId: string;
  /** As Anthropic sent it. */
  readonly data: JsonObject;
  readonly key: readonly unknown[];
  /** As the stream projects it; none for objects that are only shown. */
  readonly rows: readonly Row[];
}

export interface LiveWarning {
  readonly code: "incomplete" | "read_warning" | "unreadable";
  readonly message: string;
}

export interface LiveQuestion {
  readonly stream: Stream;
  /** Days of a report; a list has none. */
  readonly span: Span | null;
  /** Ids that the stream's requests are about, such as one workspace. */
  readonly ids?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Asks Anthropic now, with the sealed key of the organization: every window and every page, at the pace of its limits.
 * Nothing of it is recorded.
 *
 * @throws Failure `source.*`, `vault.*`, `input.invalid` where no key is left, or a past day is asked about
 */
export async function askLive(
  context: OperationContext,
  organization: KnownOrganization,
  { stream, span, ids = {} }: LiveQuestion,
): Promise<LiveReading> {
  if (context.scope.pastDay !== undefined) {
    const problem = "Anthropic tells only what is now";
    const remedy = "Leave it out, or ask the record instead of live.";
    throw new Failure("input.invalid", { field: "asOf", problem, remedy });
  }
  const row = liveConnection(organization);
  const { client, close } = await context.keyring.clientFor(row, upstreamOf(context, row));
  const ending = new AbortController();
  const signal = AbortSignal.any([context.signal, ending.signal]);
  const known: Known = { organizationId: organization.id, ids: (name) => ids[name] ?? [] };
  const spans = span === null ? [null] : windowsOf(span, stream.shape.kind === "report" ? stream.shape.longest : 1);
  let done = 0;
  const reading = spans.map(async (part) => {
    const window = { stream: stream.name, span: part };
    const read = await readWindow(client, stream, window, known, { signal, clock: context.clock });
    done += 1;
    if (spans.length > 1) context.onStep?.(`${stream.title}: ${done} of ${spans.length} windows`);
    return read;
  });
  try {
    return readingOf(stream, organization.id, await Promise.all(reading));
  } finally {
    // One window that fails ends the others: nobody would read them.
    ending.abort();
    await Promise.allSettled(reading);
    await close();
  }
}

function readingOf(stream: Stream, organizationId: string, windows: readonly FetchedWindow[]): LiveReading {
  const unreadable = new Set<string>();
  const drafts = windows.flatMap(({ pages }) => pages.flatMap(({ records }) => records));
  return {
    records: drafts.map((draft) => ({
      organizationId,
      data: draft.data,
      key: draft.key,
      rows: stream.rows({ organizationId, ...draft }, (path, what) => unreadable.add(`${path} ${what}`)),
    })),
    now: Math.max(...windows.map(({ upstreamNow }) => upstreamNow)),
    requests: windows.reduce((sum, { pages }) => sum + pages.length, 0),
    warnings: [
      ...told(
        "incomplete",
        windows.flatMap(({ incomplete }) => incomplete ?? []),
      ),
      ...told(
        "read_warning",
        windows.flatMap(({ warnings }) => warnings),
      ),
      ...told("unreadable", unreadable),
    ],
  };
}

const MOST_WARNINGS = 5;

/** Each once, and not without end: a change of the API would be told for every row. */
function told(code: LiveWarning["code"], messages: Iterable<string>): LiveWarning[] {
  return [...new Set(messages)].slice(0, MOST_WARNINGS).map((message) => ({ code, message }));
}

/** Which of these days are over by upstream's clock, and which may still be restated. */
export function liveTrust({ from, to }: Span, now: number, provisionalDays: number) {
  const today = dayOfInstant(now);
  const last = Math.min(to, today) - 1;
  const days = Array.from({ length: Math.max(0, to - from) }, (_, at): DayNumber => from + at);
  return {
    lastComplete: last >= from ? last : null,
    covered: days.filter((day) => day < today).length,
    partial: days.filter((day) => day === today).length,
    provisional: days.filter((day) => day < today && day >= today - provisionalDays),
  };
}

function windowsOf({ from, to }: Span, longest: number): Span[] {
  const spans: Span[] = [];
  for (let start = from; start < to; start += longest) spans.push({ from: start, to: Math.min(to, start + longest) });
  return spans;
}
