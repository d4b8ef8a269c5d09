import { intOf, intOrNull, oneOf, textOf, textOrNull } from "./decode.ts";
import { codeOf, dimValues } from "./dims.ts";
import { ORGANIZATION } from "./records.ts";
import { sessionOf } from "./session.ts";
import type { Scope, StreamStateRow, Tx, WriteTx } from "./types.ts";

/** What the last run said about each stream of each organization. */
export async function getStreamStates(tx: Tx, scope: Scope): Promise<StreamStateRow[]> {
  const rows = await sessionOf(tx).all(
    `select organization_id, stream, connection_id, state, failure_code, message, hint, request_id,
       last_tried_ms, last_succeeded_ms
     from stream_states
     where tenant_id = ?
     order by organization_id, stream`,
    [scope.tenantId],
  );
  const organizations = await dimValues(tx, scope, ORGANIZATION);
  return rows.map((row) => ({
    organizationId: organizations.get(intOf(row, "organization_id"))!,
    stream: textOf(row, "stream"),
    connectionId: intOf(row, "connection_id"),
    state: oneOf(row, "state", ["ok", "partial", "refused", "not_available", "failed"]),
    failureCode: textOrNull(row, "failure_code"),
    message: textOrNull(row, "message"),
    hint: textOrNull(row, "hint"),
    requestId: textOrNull(row, "request_id"),
    lastTriedMs: intOf(row, "last_tried_ms"),
    lastSucceededMs: intOrNull(row, "last_succeeded_ms"),
  }));
}

export async function setStreamState(tx: WriteTx, scope: Scope, state: StreamStateRow): Promise<void> {
  await sessionOf(tx).run(
    `insert into stream_states (tenant_id, organization_id, stream, connection_id, state, failure_code, message, hint,
       request_id, last_tried_ms, last_succeeded_ms)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (tenant_id, organization_id, stream) do update
     set connection_id = excluded.connection_id, state = excluded.state, failure_code = excluded.failure_code,
       message = excluded.message, hint = excluded.hint, request_id = excluded.request_id,
       last_tried_ms = excluded.last_tried_ms, last_succeeded_ms = excluded.last_succeeded_ms`,
    [
      scope.tenantId,
      await codeOf(tx, scope, ORGANIZATION, state.organizationId),
      state.stream,
      state.connectionId,
      state.state,
      state.failureCode,
      state.message,
      state.hint,
      state.requestId,
      state.lastTriedMs,
      state.lastSucceededMs,
    ],
  );
}
