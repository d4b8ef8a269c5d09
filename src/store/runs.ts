import { intOf, textOf } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { Json, RunRow, Scope, Tx, WriteTx } from "./types.ts";

export async function insertRun(tx: WriteTx, scope: Scope, run: RunRow): Promise<void> {
  await sessionOf(tx).run(
    "insert into runs (tenant_id, started_ms, run_id, ended_ms, outcome, report) values (?, ?, ?, ?, ?, ?)",
    [scope.tenantId, run.startedMs, run.runId, run.endedMs, run.outcome, JSON.stringify(run.report)],
  );
}

/** The last runs, the newest first. */
export async function listRuns(tx: Tx, scope: Scope, most: number): Promise<RunRow[]> {
  const rows = await sessionOf(tx).all(
    `select run_id, started_ms, ended_ms, outcome, report
     from runs
     where tenant_id = ?
     order by started_ms desc, run_id desc
     limit ?`,
    [scope.tenantId, most],
  );
  return rows.map((row) => ({
    runId: textOf(row, "run_id"),
    startedMs: intOf(row, "started_ms"),
    endedMs: intOf(row, "ended_ms"),
    outcome: textOf(row, "outcome"),
    report: JSON.parse(textOf(row, "report")) as Json,
  }));
}
