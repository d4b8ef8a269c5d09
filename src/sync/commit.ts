import { LIST_DAY, ownDays, windowJson } from "../domain/index.ts";
import type { Clock, DayNumber, Json, JsonObject, Random, Row, Scope, WindowFacts } from "../domain/index.ts";
import { canonicalJson } from "../ledger/index.ts";
import type { FetchedWindow, Stream } from "../source/index.ts";
import {
  appendLeaves,
  appendVersions,
  assertLease,
  coverageOf,
  currentByKeys,
  currentRecords,
  logState,
  readLeaves,
  replaceRecordRows,
  setCoverage,
  type CurrentRecord,
  type NewVersion,
  type RecordRows,
  type Store,
  type WriteTx,
} from "../store/index.ts";
import { coverageAfter, windowFacts } from "./cover.ts";
import { diffRecords, type Diff, type Seen } from "./diff.ts";
import { LogAppender, newIds } from "./log.ts";
import { rowsOf, type Problem } from "./project.ts";
import { refreshDays } from "./refresh-days.ts";
import { dayMember } from "./version-of.ts";

export interface SettledWindow {
  readonly fetched: FetchedWindow;
  /** The records of its pages, one entry a natural key. */
  readonly seen: ReadonlyMap<string, Seen>;
}

export interface CommitContext {
  readonly store: Store;
  readonly scope: Scope;
  readonly random: Random;
  /** Asked inside the transaction: while it waited for its turn another process may have appended. */
  readonly clock: Pick<Clock, "now">;
  readonly lease: number;
  readonly runId: string;
  readonly organizationId: string;
}

export interface CommitReport {
  readonly rows: number;
  readonly new: number;
  readonly changed: number;
  readonly gone: number;
  readonly conflicted: number;
  readonly problems: readonly Problem[];
  readonly outOfWindow: number;
  readonly clockWentBack: boolean;
}

/**
 * Commits one window in one transaction: a leaf for each response, leaves and versions for what is new, changed or
 * gone, the rows they project to, roll-ups, active days and coverage. Half a window never exists.
 *
 * An incomplete window keeps its records, makes nothing `gone` and covers its days only in part. A day that was whole
 * before stays whole: what was read of it now is in the record, and its next reading is owed as before.
 */
export async function commitWindow(
  context: CommitContext,
  stream: Stream,
  settled: SettledWindow,
): Promise<CommitReport> {
  const { store, scope, organizationId } = context;
  const { fetched, seen } = settled;
  return store.write(async (tx) => {
    await assertLease(tx, scope, context.lease);
    const { current, covered } = await knownRecords(tx, context, stream, fetched, seen);
    const diff = diffRecords(seen, current, fetched.incomplete === null ? covered : []);
    const end = (await logState(tx, scope))!;
    const nowMs = context.clock.now();
    const log = new LogAppender(end, nowMs, context.random);
    const window = windowFacts(organizationId, fetched);
    const fetchLeaves = fetched.pages.map(({ facts }, at) => {
      const isLast = at === fetched.pages.length - 1;
      return log.add({
        t: "fetch",
        s: stream.name,
        payload: fetchPayload(context.runId, facts, isLast ? window : null),
      });
    });
    const versions = addVersions(log, context, stream, diff, fetchLeaves);
    if (log.clockWentBack) log.add({ t: "audit", s: "app", payload: clockWentBackPayload(nowMs, log.atMs) });
    await appendLeaves(tx, scope, log.finish(), log.atMs);
    await appendVersions(tx, scope, stream.name, organizationId, versions);
    const problems = await project(tx, context, stream, diff);
    await cover(tx, context, stream, window, diff);
    return {
      rows: fetched.pages.reduce((sum, page) => sum + page.facts.rows, 0),
      new: diff.fresh.length,
      changed: diff.changed.length,
      gone: diff.gone.length,
      conflicted: [...seen.values()].filter((entry) => entry.conflicted).length,
      problems,
      outOfWindow: countOutside(seen, fetched),
      clockWentBack: log.clockWentBack,
    };
  });
}

/** Current records of the window's own days (which may become gone), and of every key it shows, wherever dated. */
async function knownRecords(
  tx: WriteTx,
  { scope, organizationId }: CommitContext,
  stream: Stream,
  fetched: FetchedWindow,
  seen: ReadonlyMap<string, Seen>,
): Promise<{ current: Map<string, CurrentRecord>; covered: CurrentRecord[] }> {
  const current = await currentRecords(tx, scope, stream.name, organizationId, daysOf(fetched));
  const covered = [...current.values()];
  const elsewhere = [...seen.values()].filter((entry) => isOutside(entry.day, fetched));
  if (elsewhere.length > 0) {
    for (const [nk, record] of await currentByKeys(tx, scope, stream.name, organizationId, elsewhere)) {
      current.set(nk, record);
    }
  }
  return { current, covered };
}

function addVersions(
  log: LogAppender,
  { random }: CommitContext,
  stream: Stream,
  diff: Diff,
  fetchLeaves: readonly number[],
): NewVersion[] {
  const ids = newIds(random, diff.fresh.length);
  const versions: NewVersion[] = [];
  const record = (entry: Seen, id: string, ver: number, prev: number | null): void => {
    const day = dayMember(stream, entry.key, entry.day);
    const payload = `{"data":${entry.dataText},${day}"key":${entry.nk},"obs":${fetchLeaves[entry.page]!}}`;
    const leafIndex = log.add({ t: "rec", s: stream.name, payload, of: { id, ver, prev } });
    const { nk, dataSha256, conflicted } = entry;
    versions.push({ nk, day: entry.day, id, ver, leafIndex, state: "rec", dataSha256, conflicted, atMs: log.atMs });
  };
  diff.fresh.forEach((entry, i) => record(entry, ids[i]!, 1, null));
  for (const { seen, was } of diff.changed) record(seen, was.id, was.ver + 1, was.leafIndex);
  const lastFetch = fetchLeaves.at(-1) ?? null;
  for (const was of diff.gone) {
    const day = dayMember(stream, JSON.parse(was.nk) as Json[], was.day);
    const payload = `{${day}"key":${was.nk},"obs":${lastFetch}}`;
    const of = { id: was.id, ver: was.ver + 1, prev: was.leafIndex };
    const leafIndex = log.add({ t: "gone", s: stream.name, payload, of });
    versions.push({ ...was, ver: was.ver + 1, leafIndex, state: "gone", atMs: log.atMs });
  }
  return versions;
}

async function project(tx: WriteTx, context: CommitContext, stream: Stream, diff: Diff): Promise<Problem[]> {
  const { scope, organizationId } = context;
  const problems: Problem[] = [];
  const inserts: Row[] = [];
  const touched = new Set<DayNumber>();
  for (const entry of [...diff.fresh, ...diff.changed.map(({ seen }) => seen)]) {
    inserts.push(...rowsOf(stream, organizationId, entry, problems));
    if (entry.day !== null) touched.add(entry.day);
  }
  const deletes: RecordRows[] = [];
  for (const was of [...diff.changed.map(({ was }) => was), ...diff.gone]) {
    if (was.day !== null) touched.add(was.day);
    deletes.push(...(await rowsThatStood(tx, context, stream, was)));
  }
  const leftOut = await replaceRecordRows(tx, scope, { deletes, inserts });
  if (leftOut > 0) problems.push(sharedRows(leftOut));
  await refreshDays(tx, scope, stream, organizationId, touched);
  return problems;
}

/** Records whose keys differ only in how they are written (a bucket that starts within its day) come to one row. */
function sharedRows(rows: number): Problem {
  const what = `of ${rows} rows is also that of another record; these rows are in no total`;
  return { path: "key", what, key: [], unreadable: true };
}

/** The rows of a record's last version, found by projecting that version once more: rows carry no way back. */
async function rowsThatStood(
  tx: WriteTx,
  { scope, organizationId }: CommitContext,
  stream: Stream,
  was: CurrentRecord,
): Promise<RecordRows[]> {
  if (was.state === "gone" || was.conflicted) return [];
  const [leaf] = await readLeaves(tx, scope, was.leafIndex, was.leafIndex + 1);
  if (!leaf?.payload) return [];
  const { key, data } = JSON.parse(leaf.payload) as { key: Json[]; data: JsonObject };
  return rowsOf(stream, organizationId, { key, day: was.day, data }, []).map(({ table, values }) => ({
    table,
    values,
  }));
}

async function cover(
  tx: WriteTx,
  { scope, organizationId }: CommitContext,
  stream: Stream,
  window: WindowFacts,
  diff: Diff,
): Promise<void> {
  const moved = new Map<DayNumber, number>();
  const affected = [...diff.fresh, ...diff.changed.map(({ seen }) => seen), ...diff.gone];
  for (const { day } of affected) moved.set(day ?? LIST_DAY, (moved.get(day ?? LIST_DAY) ?? 0) + 1);
  const days = new Set([...ownDays(window), ...moved.keys()]);
  const before = new Map((await coverageOf(tx, scope, organizationId, stream.name, days)).map((row) => [row.day, row]));
  await setCoverage(tx, scope, organizationId, stream.name, coverageAfter(window, stream, moved, before));
}

export function daysOf({ window }: FetchedWindow): DayNumber[] | null {
  if (window.span === null) return null;
  const { from, to } = window.span;
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function isOutside(day: DayNumber | null, { window }: FetchedWindow): boolean {
  return window.span !== null && (day === null || day < window.span.from || day >= window.span.to);
}

function countOutside(seen: ReadonlyMap<string, Seen>, fetched: FetchedWindow): number {
  return [...seen.values()].filter((entry) => isOutside(entry.day, fetched)).length;
}

function fetchPayload(
  runId: string,
  facts: FetchedWindow["pages"][number]["facts"],
  window: WindowFacts | null,
): string {
  const payload: Json = {
    run: runId,
    path: facts.path,
    query: facts.query,
    status: facts.status,
    request_id: facts.requestId,
    org_id: facts.organizationId,
    date: facts.date === null ? null : new Date(facts.date).toISOString(),
    bytes: facts.bytes,
    body_sha256: facts.bodySha256,
    rows: facts.rows,
    has_more: facts.hasMore,
    ...(window === null ? {} : { window: windowJson(window) }),
  };
  return canonicalJson(payload);
}

function clockWentBackPayload(nowMs: number, atMs: number): string {
  return canonicalJson({
    event: "clock.set_back",
    clock: new Date(nowMs).toISOString(),
    clamped_to: new Date(atMs).toISOString(),
  });
}
