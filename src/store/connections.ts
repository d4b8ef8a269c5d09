import { Failure } from "../domain/index.ts";
import type { SqlRow, SqlValue } from "./connection.ts";
import { intOf, intOrNull, oneOf, textOf, textOrNull } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { ConnectionRow, Json, Scope, Tx, WriteTx } from "./types.ts";

/** The tenant's connections, in the order they were made. */
export async function listConnections(tx: Tx, scope: Scope): Promise<ConnectionRow[]> {
  const sql = `select ${COLUMNS} from connections where tenant_id = ? order by connection_id`;
  return (await sessionOf(tx).all(sql, [scope.tenantId])).map(connectionRow);
}

export async function findConnection(tx: Tx, scope: Scope, name: string): Promise<ConnectionRow | null> {
  const sql = `select ${COLUMNS} from connections where tenant_id = ? and name = ?`;
  const row = await sessionOf(tx).first(sql, [scope.tenantId, name]);
  return row ? connectionRow(row) : null;
}

/**
 * Adds a connection and numbers it.
 *
 * @throws Failure `store.name_taken`
 */
export async function insertConnection(
  tx: WriteTx,
  scope: Scope,
  connection: Omit<ConnectionRow, "connectionId">,
): Promise<ConnectionRow> {
  const session = sessionOf(tx);
  if (await findConnection(tx, scope, connection.name)) {
    throw new Failure("store.name_taken", { field: "connection", name: connection.name });
  }
  const last = await session.first(
    "select coalesce(max(connection_id), 0) as last from connections where tenant_id = ?",
    [scope.tenantId],
  );
  const row: ConnectionRow = { connectionId: intOf(last!, "last") + 1, ...connection };
  const names = Object.keys(COLUMN_OF) as (keyof ConnectionRow)[];
  await session.run(
    `insert into connections (tenant_id, ${names.map((name) => COLUMN_OF[name]).join(", ")})
     values (?, ${names.map(() => "?").join(", ")})`,
    [scope.tenantId, ...names.map((name) => stored(name, row))],
  );
  return row;
}

/**
 * Changes the given members of a connection.
 *
 * @throws Failure `store.name_taken`
 */
export async function updateConnection(
  tx: WriteTx,
  scope: Scope,
  connectionId: number,
  changes: Partial<Omit<ConnectionRow, "connectionId">>,
): Promise<void> {
  const names = Object.keys(changes) as (keyof typeof changes)[];
  if (names.length === 0) return;
  if (changes.name !== undefined) {
    const other = await findConnection(tx, scope, changes.name);
    if (other && other.connectionId !== connectionId) {
      throw new Failure("store.name_taken", { field: "connection", name: changes.name });
    }
  }
  const changed = await sessionOf(tx).run(
    `update connections
     set ${names.map((name) => `${COLUMN_OF[name]} = ?`).join(", ")}
     where tenant_id = ? and connection_id = ?`,
    [...names.map((name) => stored(name, changes)), scope.tenantId, connectionId],
  );
  if (changed !== 1) throw new Error(`there is no connection ${connectionId}`);
}

const COLUMN_OF = {
  connectionId: "connection_id",
  name: "name",
  kind: "kind",
  organizationId: "organization_id",
  organizationName: "organization_name",
  upstream: "upstream",
  state: "state",
  fingerprint: "fingerprint",
  last4: "last4",
  backfillFrom: "backfill_from",
  capabilities: "capabilities",
  createdAt: "created_at",
  rotatedAt: "rotated_at",
  lastUsedAt: "last_used_at",
} as const satisfies Record<keyof ConnectionRow, string>;

const COLUMNS = Object.values(COLUMN_OF).join(", ");

function stored(name: keyof ConnectionRow, row: Partial<ConnectionRow>): SqlValue {
  if (name === "capabilities") return JSON.stringify(row.capabilities ?? null);
  return row[name] ?? null;
}

function connectionRow(row: SqlRow): ConnectionRow {
  return {
    connectionId: intOf(row, "connection_id"),
    name: textOf(row, "name"),
    kind: oneOf(row, "kind", ["admin", "scoped", "personal"]),
    organizationId: textOf(row, "organization_id"),
    organizationName: textOf(row, "organization_name"),
    upstream: textOf(row, "upstream"),
    state: oneOf(row, "state", ["active", "invalid", "disconnected"]),
    fingerprint: textOrNull(row, "fingerprint"),
    last4: textOrNull(row, "last4"),
    backfillFrom: intOrNull(row, "backfill_from"),
    capabilities: JSON.parse(textOf(row, "capabilities")) as Json,
    createdAt: intOf(row, "created_at"),
    rotatedAt: intOrNull(row, "rotated_at"),
    lastUsedAt: intOrNull(row, "last_used_at"),
  };
}
