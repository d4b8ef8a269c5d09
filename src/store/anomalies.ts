import { intOf, intOrNull, oneOf, textOf, textOrNull } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { DayNumber, Scope, Tx, WriteTx } from "./types.ts";

const STATES = ["open", "acknowledged", "resolved"] as const;

/** What became of a day on which a series stood out. */
export interface AnomalyRow {
  /** What and when: `anomaly:DIMENSION:KEY:DAY`. */
  readonly anomalyId: string;
  readonly dimension: string;
  readonly day: DayNumber;
  readonly title: string;
  readonly state: (typeof STATES)[number];
  readonly openedMs: number;
  readonly acknowledgedMs: number | null;
  readonly acknowledgedBy: string | null;
  readonly resolvedMs: number | null;
  /** Null with a time: it stands out no more, as the source restated the day. */
  readonly resolvedBy: string | null;
}

/** Of days from one on, the latest day first. */
export async function listAnomalies(tx: Tx, scope: Pick<Scope, "tenantId">, from: DayNumber): Promise<AnomalyRow[]> {
  const rows = await sessionOf(tx).all(
    `select anomaly_id, dimension, day, title, state, opened_ms, acknowledged_ms, acknowledged_by, resolved_ms, resolved_by
     from anomalies
     where tenant_id = ? and day >= ?
     order by day desc, anomaly_id`,
    [scope.tenantId, from],
  );
  return rows.map((row) => ({
    anomalyId: textOf(row, "anomaly_id"),
    dimension: textOf(row, "dimension"),
    day: intOf(row, "day"),
    title: textOf(row, "title"),
    state: oneOf(row, "state", STATES),
    openedMs: intOf(row, "opened_ms"),
    acknowledgedMs: intOrNull(row, "acknowledged_ms"),
    acknowledgedBy: textOrNull(row, "acknowledged_by"),
    resolvedMs: intOrNull(row, "resolved_ms"),
    resolvedBy: textOrNull(row, "resolved_by"),
  }));
}

/** Forgets those of a dimension on days before one. */
export async function forgetAnomalies(
  tx: WriteTx,
  scope: Pick<Scope, "tenantId">,
  dimension: string,
  before: DayNumber,
): Promise<void> {
  const sql = "delete from anomalies where tenant_id = ? and dimension = ? and day < ?";
  await sessionOf(tx).run(sql, [scope.tenantId, dimension, before]);
}

/** Keeps what is known of one; a row of the same id is replaced. */
export async function putAnomaly(tx: WriteTx, scope: Pick<Scope, "tenantId">, row: AnomalyRow): Promise<void> {
  await sessionOf(tx).run(
    `insert into anomalies (tenant_id, anomaly_id, dimension, day, title, state, opened_ms, acknowledged_ms,
       acknowledged_by, resolved_ms, resolved_by)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (tenant_id, anomaly_id) do update
     set title = excluded.title, state = excluded.state, acknowledged_ms = excluded.acknowledged_ms,
       acknowledged_by = excluded.acknowledged_by, resolved_ms = excluded.resolved_ms,
       resolved_by = excluded.resolved_by`,
    [
      scope.tenantId,
      row.anomalyId,
      row.dimension,
      row.day,
      row.title,
      row.state,
      row.openedMs,
      row.acknowledgedMs,
      row.acknowledgedBy,
      row.resolvedMs,
      row.resolvedBy,
    ],
  );
}
