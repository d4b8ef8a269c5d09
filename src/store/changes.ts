import { blobOf, intOf, intOrNull, oneOf, textOf, textOrNull } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { Json, Scope, Tx, WriteTx } from "./types.ts";

const STATES = ["planned", "approved", "declined", "executing", "done", "partial", "refused", "unknown"] as const;

/** A change of the organization at Anthropic, with its plan. */
export interface ChangeRow {
  /** `c_` and 16 hex. */
  readonly changeId: string;
  readonly kind: string;
  readonly state: (typeof STATES)[number];
  readonly organizationId: string;
  readonly connectionId: number;
  /** As the ledger names whoever planned it. */
  readonly plannedBy: string;
  readonly plannedByName: string;
  /** Whose confirmation counts, and through which door. */
  readonly boundTo: string;
  /** SHA-256 of the confirmation's secret. */
  readonly secretHash: Buffer;
  /** Canonical JSON. */
  readonly arguments: string;
  readonly plan: Json;
  readonly decision: Json;
  readonly outcome: Json;
  readonly plannedMs: number;
  readonly expiresMs: number;
  readonly startedMs: number | null;
  readonly endedMs: number | null;
}

export async function insertChange(tx: WriteTx, scope: Scope, row: ChangeRow): Promise<void> {
  const names = Object.keys(COLUMN_OF) as (keyof ChangeRow)[];
  await sessionOf(tx).run(
    `insert into changes (tenant_id, ${names.map((name) => COLUMN_OF[name]).join(", ")})
     values (?, ${names.map(() => "?").join(", ")})`,
    [
      scope.tenantId,
      row.changeId,
      row.kind,
      row.state,
      row.organizationId,
      row.connectionId,
      row.plannedBy,
      row.plannedByName,
      row.boundTo,
      row.secretHash,
      row.arguments,
      JSON.stringify(row.plan),
      jsonOrNull(row.decision),
      jsonOrNull(row.outcome),
      row.plannedMs,
      row.expiresMs,
      row.startedMs,
      row.endedMs,
    ],
  );
}

export async function findChange(tx: Tx, scope: Scope, changeId: string): Promise<ChangeRow | null> {
  const sql = `select ${COLUMNS} from changes where tenant_id = ? and change_id = ?`;
  const row = await sessionOf(tx).first(sql, [scope.tenantId, changeId]);
  return row ? changeOf(row) : null;
}

/** The latest first. */
export async function listChanges(tx: Tx, scope: Scope, most: number): Promise<ChangeRow[]> {
  const sql = `select ${COLUMNS} from changes where tenant_id = ? order by planned_ms desc, change_id limit ?`;
  return (await sessionOf(tx).all(sql, [scope.tenantId, most])).map(changeOf);
}

/** Notes what a person decided. @returns false when it was decided already, or too late. */
export async function decideChange(
  tx: WriteTx,
  scope: Scope,
  changeId: string,
  { state, decision, nowMs }: { state: "approved" | "declined"; decision: Json; nowMs: number },
): Promise<boolean> {
  // What was approved can still be called off, as long as nothing was begun.
  const from = state === "declined" ? "state in ('planned', 'approved')" : "state = 'planned'";
  const changed = await sessionOf(tx).run(
    `update changes set state = ?, decision = ?
     where tenant_id = ? and change_id = ? and ${from} and expires_ms > ?`,
    [state, JSON.stringify(decision), scope.tenantId, changeId, nowMs],
  );
  return changed === 1;
}

/** Begins an approved change. @returns false when it is not to be begun, or was: of many that race, one gets true. */
export async function startChange(tx: WriteTx, scope: Scope, changeId: string, nowMs: number): Promise<boolean> {
  const changed = await sessionOf(tx).run(
    `update changes set state = 'executing', started_ms = ?
     where tenant_id = ? and change_id = ? and state = 'approved' and expires_ms > ?`,
    [nowMs, scope.tenantId, changeId, nowMs],
  );
  return changed === 1;
}

/** Keeps how far a change that was begun has come. */
export async function noteChange(
  tx: WriteTx,
  scope: Scope,
  changeId: string,
  { state, outcome, endedMs }: Pick<ChangeRow, "state" | "outcome" | "endedMs">,
): Promise<void> {
  await sessionOf(tx).run(
    `update changes set state = ?, outcome = ?, ended_ms = ?
     where tenant_id = ? and change_id = ? and state in ('executing', 'unknown', 'done', 'partial', 'refused')`,
    [state, jsonOrNull(outcome), endedMs, scope.tenantId, changeId],
  );
}

/** Forgets the plans of an organization that is purged. */
export async function deleteChangesOf(tx: WriteTx, scope: Scope, organizationId: string): Promise<void> {
  await sessionOf(tx).run("delete from changes where tenant_id = ? and organization_id = ?", [
    scope.tenantId,
    organizationId,
  ]);
}

const COLUMN_OF = {
  changeId: "change_id",
  kind: "kind",
  state: "state",
  organizationId: "organization_id",
  connectionId: "connection_id",
  plannedBy: "planned_by",
  plannedByName: "planned_by_name",
  boundTo: "bound_to",
  secretHash: "secret_hash",
  arguments: "arguments",
  plan: "plan",
  decision: "decision",
  outcome: "outcome",
  plannedMs: "planned_ms",
  expiresMs: "expires_ms",
  startedMs: "started_ms",
  endedMs: "ended_ms",
} as const satisfies Record<keyof ChangeRow, string>;

const COLUMNS = Object.values(COLUMN_OF).join(", ");

function changeOf(row: Parameters<typeof textOf>[0]): ChangeRow {
  return {
    changeId: textOf(row, "change_id"),
    kind: textOf(row, "kind"),
    state: oneOf(row, "state", STATES),
    organizationId: textOf(row, "organization_id"),
    connectionId: intOf(row, "connection_id"),
    plannedBy: textOf(row, "planned_by"),
    plannedByName: textOf(row, "planned_by_name"),
    boundTo: textOf(row, "bound_to"),
    secretHash: blobOf(row, "secret_hash"),
    arguments: textOf(row, "arguments"),
    plan: JSON.parse(textOf(row, "plan")) as Json,
    decision: parsedOrNull(textOrNull(row, "decision")),
    outcome: parsedOrNull(textOrNull(row, "outcome")),
    plannedMs: intOf(row, "planned_ms"),
    expiresMs: intOf(row, "expires_ms"),
    startedMs: intOrNull(row, "started_ms"),
    endedMs: intOrNull(row, "ended_ms"),
  };
}

function jsonOrNull(value: Json): string | null {
  return value === null ? null : JSON.stringify(value);
}

function parsedOrNull(text: string | null): Json {
  return text === null ? null : (JSON.parse(text) as Json);
}
