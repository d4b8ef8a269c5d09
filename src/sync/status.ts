import { dayText, startOfDay, type DayNumber, type Scope } from "../domain/index.ts";
import type { Stream } from "../source/index.ts";
import {
  coverageOf,
  getStreamStates,
  latestCheckpoint,
  listConnections,
  logState,
  revisionOf,
  type ConnectionRow,
  type CoverageRow,
  type Revision,
  type Store,
  type StreamStateRow,
  type Tx,
} from "../store/index.ts";
import { dayState, spansOf } from "./plan.ts";

export interface StreamStatus {
  readonly stream: string;
  readonly title: string;
  readonly state: StreamStateRow["state"] | "waiting";
  /** Last day up to which every day from the first is whole; null before the first whole day, and for lists. */
  readonly cursor: string | null;
  /** Milliseconds since upstream was last read whole, by upstream's clock; null when never. */
  readonly freshnessMs: number | null;
  readonly lastReadAt: string | null;
  readonly coverage: {
    readonly from: string;
    readonly to: string;
    readonly days: number;
    readonly covered: number;
    readonly partial: number;
  } | null;
  /** Finished days that are missing or only read in part, as inclusive ranges. */
  readonly gaps: readonly string[];
  /** Days that upstream may still restate. */
  readonly provisional: readonly string[];
  /** Settled days that were restated afterwards. */
  readonly revised: readonly string[];
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hint: string | null;
    readonly requestId: string | null;
  } | null;
  readonly note: string | null;
}

export interface ConnectionStatus {
  readonly connection: string;
  readonly kind: ConnectionRow["kind"];
  readonly state: ConnectionRow["state"];
  readonly organizationId: string;
  readonly organizationName: string;
  readonly upstream: string;
  readonly fingerprint: string | null;
  readonly lastUsedAt: string | null;
  readonly streams: readonly StreamStatus[];
}

export interface Status {
  readonly tenant: string;
  readonly connections: readonly ConnectionStatus[];
  readonly ledger: {
    readonly origin: string;
    readonly size: number;
    readonly signedSize: number;
    readonly signedAt: string | null;
  } | null;
}

/** How far everything is: what is covered, how fresh, what is missing, what went wrong and what to do about it. */
export async function statusOf(store: Store, scope: Scope, streams: readonly Stream[], nowMs: number): Promise<Status> {
  return store.read(async (tx) => {
    const connections: ConnectionStatus[] = [];
    for (const row of await listConnections(tx, scope))
      connections.push(await connectionStatus(tx, scope, streams, row, nowMs));
    const state = await logState(tx, scope);
    const signed = await latestCheckpoint(tx, scope);
    const ledger = state && {
      origin: state.origin,
      size: state.size,
      signedSize: signed?.size ?? 0,
      signedAt: signed === null ? null : instant(signed.atMs),
    };
    return { tenant: scope.tenant, connections, ledger };
  });
}

async function connectionStatus(
  tx: Tx,
  scope: Scope,
  streams: readonly Stream[],
  row: ConnectionRow,
  nowMs: number,
): Promise<ConnectionStatus> {
  const states = new Map(
    (await getStreamStates(tx, scope))
      .filter((one) => one.organizationId === row.organizationId)
      .map((one) => [one.stream, one]),
  );
  const lines: StreamStatus[] = [];
  const known = keptOf(await revisionOf(tx, scope));
  for (const stream of streams) {
    const key = JSON.stringify([row.organizationId, stream.name]);
    const read = known.get(key) ?? readDays(stream, await coverageOf(tx, scope, row.organizationId, stream.name));
    known.set(key, read);
    lines.push(streamStatus(stream, read, states.get(stream.name), nowMs));
  }
  return {
    connection: row.name,
    kind: row.kind,
    state: row.state,
    organizationId: row.organizationId,
    organizationName: row.organizationName,
    upstream: row.upstream,
    fingerprint: row.fingerprint,
    lastUsedAt: instant(row.lastUsedAt),
    streams: lines,
  };
}

/** What the days of a stream say, whenever somebody asks. */
interface ReadDays {
  readonly isAnything: boolean;
  readonly lastReadMs: number | null;
  readonly report: ReturnType<typeof reportDays>;
}

/** Thousands of days say the same until the next sync. */
const kept = new WeakMap<Revision, Map<string, ReadDays>>();

function keptOf(revision: Revision | null): Map<string, ReadDays> {
  const known = (revision && kept.get(revision)) ?? new Map<string, ReadDays>();
  if (revision !== null) kept.set(revision, known);
  return known;
}

function readDays({ shape }: Stream, coverage: readonly CoverageRow[]): ReadDays {
  const lastReadMs = coverage.reduce<number | null>(
    (latest, row) => (row.state === "complete" ? Math.max(latest ?? 0, row.readAtMs) : latest),
    null,
  );
  const report = shape.kind === "report" ? reportDays(coverage, shape.provisionalDays) : null;
  return { isAnything: coverage.length > 0, lastReadMs, report };
}

function streamStatus(
  stream: Stream,
  { isAnything, lastReadMs, report }: ReadDays,
  said: StreamStateRow | undefined,
  nowMs: number,
): StreamStatus {
  return {
    stream: stream.name,
    title: stream.title,
    state: said?.state ?? (isAnything ? "ok" : "waiting"),
    cursor: report?.cursor ?? null,
    freshnessMs: lastReadMs === null ? null : Math.max(0, nowMs - lastReadMs),
    lastReadAt: instant(lastReadMs),
    coverage: report?.coverage ?? null,
    gaps: report?.gaps ?? [],
    provisional: report?.provisional ?? [],
    revised: report?.revised ?? [],
    error:
      said === undefined || said.failureCode === null
        ? null
        : { code: said.failureCode, message: said.message ?? "", hint: said.hint, requestId: said.requestId },
    note: said === undefined || said.failureCode !== null ? null : said.message,
  };
}

/** The span held runs from the first covered day to the last; the day that was not over when it was read is no gap. */
function reportDays(coverage: readonly CoverageRow[], provisionalDays: number) {
  const whole = coverage.filter((row) => row.state === "complete" && row.readAtMs >= startOfDay(row.day + 1));
  const days = coverage.map((row) => row.day);
  if (days.length === 0) return null;
  const first = Math.min(...days);
  const last = Math.max(...whole.map((row) => row.day), first - 1);
  const wholeDays = new Set(whole.map((row) => row.day));
  const missing: DayNumber[] = [];
  for (let day = first; day <= last; day += 1) if (!wholeDays.has(day)) missing.push(day);
  const inState = (wanted: string) =>
    coverage.filter((row) => dayState(row, provisionalDays) === wanted).map((row) => dayText(row.day));
  const cursor = (missing[0] ?? last + 1) - 1;
  return {
    cursor: cursor < first ? null : dayText(cursor),
    coverage: {
      from: dayText(first),
      to: dayText(Math.max(...days)),
      days: Math.max(...days) - first + 1,
      covered: coverage.filter((row) => row.state === "complete").length,
      partial: coverage.filter((row) => row.state === "partial").length,
    },
    gaps: spansOf(missing).map(({ from, to }) =>
      to - from === 1 ? dayText(from) : `${dayText(from)}/${dayText(to - 1)}`,
    ),
    provisional: inState("provisional").toSorted(),
    revised: inState("revised").toSorted(),
  };
}

function instant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
