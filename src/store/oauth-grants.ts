import type { SqlRow } from "./connection.ts";
import { intOf, intOrNull, textOf } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { Scope, TenantRow, Tx, WriteTx } from "./types.ts";

/** What an account allowed an assistant to do in one tenant. */
export interface OauthGrantRow {
  /** `g_` and 12 hex. Names it in tokens and lists; of no use for coming in. */
  readonly grantId: string;
  readonly accountId: string;
  /** Of the client, as the authorization server knows it; for some the address of its metadata document. */
  readonly clientId: string;
  /** What the client called itself when it was allowed. */
  readonly clientName: string;
  readonly scopes: readonly string[];
  readonly createdMs: number;
  readonly expiresMs: number;
  readonly usedMs: number | null;
}

export async function insertOauthGrant(tx: WriteTx, scope: Pick<Scope, "tenantId">, row: OauthGrantRow): Promise<void> {
  await sessionOf(tx).run(
    `insert into oauth_grants
     (tenant_id, grant_id, account_id, client_id, client_name, scopes, created_ms, expires_ms, used_ms)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      scope.tenantId,
      row.grantId,
      row.accountId,
      row.clientId,
      row.clientName,
      JSON.stringify(row.scopes),
      row.createdMs,
      row.expiresMs,
      row.usedMs,
    ],
  );
}

/** Without a Scope: a grant says which tenant it enters. */
export async function findOauthGrant(
  tx: Tx,
  grantId: string,
): Promise<(OauthGrantRow & { readonly tenant: TenantRow }) | null> {
  const row = await sessionOf(tx).first(
    `select ${COLUMNS}, g.tenant_id, t.name as tenant_name, t.created_at
     from oauth_grants g
     join tenants t on t.tenant_id = g.tenant_id
     where g.grant_id = ?`,
    [grantId],
  );
  if (!row) return null;
  return {
    ...grantOf(row),
    tenant: {
      tenantId: intOf(row, "tenant_id"),
      name: textOf(row, "tenant_name"),
      createdAt: intOf(row, "created_at"),
    },
  };
}

/** The tenant's grants that have not expired, the newest first. */
export async function listOauthGrants(tx: Tx, scope: Scope, nowMs: number): Promise<OauthGrantRow[]> {
  const sql = `select ${COLUMNS} from oauth_grants g
     where g.tenant_id = ? and g.expires_ms > ?
     order by g.created_ms desc, g.grant_id`;
  return (await sessionOf(tx).all(sql, [scope.tenantId, nowMs])).map(grantOf);
}

export async function touchOauthGrant(tx: WriteTx, tenantId: number, grantId: string, nowMs: number): Promise<void> {
  const sql = "update oauth_grants set used_ms = ? where tenant_id = ? and grant_id = ?";
  await sessionOf(tx).run(sql, [nowMs, tenantId, grantId]);
}

/** Ends a grant and everything that was issued with it. @returns whether there was one. */
export async function deleteOauthGrant(tx: WriteTx, tenantId: number, grantId: string): Promise<boolean> {
  const session = sessionOf(tx);
  await session.run("delete from oauth_artifacts where grant_id = ?", [grantId]);
  return (
    (await session.run("delete from oauth_grants where tenant_id = ? and grant_id = ?", [tenantId, grantId])) === 1
  );
}

const COLUMNS = "g.grant_id, g.account_id, g.client_id, g.client_name, g.scopes, g.created_ms, g.expires_ms, g.used_ms";

function grantOf(row: SqlRow): OauthGrantRow {
  return {
    grantId: textOf(row, "grant_id"),
    accountId: textOf(row, "account_id"),
    clientId: textOf(row, "client_id"),
    clientName: textOf(row, "client_name"),
    scopes: JSON.parse(textOf(row, "scopes")) as string[],
    createdMs: intOf(row, "created_ms"),
    expiresMs: intOf(row, "expires_ms"),
    usedMs: intOrNull(row, "used_ms"),
  };
}
