import type { Failure, Scope } from "../domain/index.ts";
import {
  findConnection,
  getStreamStates,
  insertRun,
  setStreamState,
  updateConnection,
  type StreamStateRow,
} from "../store/index.ts";
import { appendOwn, publishCheckpoint } from "./tenant-log.ts";
import type { OpenConnection, RunReport, StreamReport, SyncEffects } from "./types.ts";

export interface RunEnd {
  readonly runId: string;
  readonly open: OpenConnection;
  readonly startedAtMs: number;
  readonly reports: readonly StreamReport[];
  readonly stoppedBy: Failure | null;
  readonly warnings: readonly string[];
}

/** Writes down how a run went (stream states, its own leaf, the connection's state) and signs what it appended. */
export async function finishRun(effects: SyncEffects, scope: Scope, end: RunEnd): Promise<RunReport> {
  const { runId, open, startedAtMs, reports, warnings } = end;
  const { store, clock } = effects;
  const endedAtMs = clock.now();
  const outcome = outcomeOf(end);
  await store.write(async (tx) => {
    const before = await getStreamStates(tx, scope);
    for (const report of reports.filter(isSaid)) {
      const was = before.find((row) => row.stream === report.stream && row.organizationId === open.row.organizationId);
      await setStreamState(tx, scope, stateRow(open, report, endedAtMs, was?.lastSucceededMs ?? null));
    }
    // Only an answer proves a key: a run that reached nobody leaves a refused one refused.
    const isProved = reports[0]?.state === "ok";
    const state =
      outcome === "credential" ? { state: "invalid" as const } : isProved ? { state: "active" as const } : {};
    // A key that was replaced or removed meanwhile says nothing of the connection any more.
    const now = await findConnection(tx, scope, open.row.name);
    if (now?.fingerprint === open.row.fingerprint) {
      await updateConnection(tx, scope, open.row.connectionId, { ...state, lastUsedAt: endedAtMs });
    }
    const summary = summaryOf(end, outcome, endedAtMs);
    await insertRun(tx, scope, { runId, startedMs: startedAtMs, endedMs: endedAtMs, outcome, report: summary });
    await appendOwn(tx, effects, scope, { t: "run", payload: summary });
  });
  const checkpointSize = await publishCheckpoint(effects, scope);
  const { name: connection, organizationId } = open.row;
  return {
    runId,
    connection,
    organizationId,
    startedAtMs,
    endedAtMs,
    outcome,
    streams: reports,
    warnings,
    checkpointSize,
  };
}

function outcomeOf({ stoppedBy, reports }: RunEnd): RunReport["outcome"] {
  if (stoppedBy?.code === "source.credential_refused") return "credential";
  if (stoppedBy?.code === "app.cancelled") return "cancelled";
  if (stoppedBy !== null) return "partial";
  // A stream that this key or plan does not give is no gap of the run: the capability checklist shows it.
  return reports.every(({ state }) => state !== "failed" && state !== "partial") ? "complete" : "partial";
}

/** A stream that had nothing to do in this run keeps what was said of it before. */
function isSaid(report: StreamReport): boolean {
  return report.windows > 0 || report.failure !== null;
}

function stateRow(
  open: OpenConnection,
  report: StreamReport,
  nowMs: number,
  succeededBefore: number | null,
): StreamStateRow {
  const { failure, state, stream } = report;
  return {
    organizationId: open.row.organizationId,
    stream,
    connectionId: open.row.connectionId,
    state,
    failureCode: failure?.code ?? null,
    message: failure?.message ?? report.warnings[0] ?? null,
    hint: failure?.hint ?? null,
    requestId: failure?.requestId ?? null,
    lastTriedMs: nowMs,
    lastSucceededMs: state === "ok" ? nowMs : succeededBefore,
  };
}

function summaryOf({ runId, open, startedAtMs, reports, warnings }: RunEnd, outcome: string, endedAtMs: number) {
  return {
    run: runId,
    connection: open.row.name,
    organization_id: open.row.organizationId,
    key_fingerprint: open.client.fingerprint,
    started_at: new Date(startedAtMs).toISOString(),
    ended_at: new Date(endedAtMs).toISOString(),
    outcome,
    warnings: [...warnings],
    streams: reports.map((report) => ({
      stream: report.stream,
      state: report.state,
      windows: report.windows,
      pages: report.pages,
      rows: report.rows,
      new: report.new,
      changed: report.changed,
      gone: report.gone,
      conflicted: report.conflicted,
      error: report.failure === null ? null : { code: report.failure.code, request_id: report.failure.requestId },
      not_covered: [...report.notCovered],
      warnings: [...report.warnings],
    })),
  };
}
