import type { SqlRow } from "./connection.ts";
import { blobOf, intOf, intOrNull, textOf, textOrNull } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { Scope, TenantRow, Tx, WriteTx } from "./types.ts";

/** A program's way in, to one tenant. */
export interface ApiTokenRow {
  /** `t_` and 12 hex. */
  readonly tokenId: string;
  /** Whose it is: it may never do more than its account. Null: the operator's. */
  readonly accountId: string | null;
  readonly name: string;
  readonly secretHash: Buffer;
  readonly scopes: readonly string[];
  readonly createdMs: number;
  readonly expiresMs: number;
  readonly usedMs: number | null;
}

export async function insertApiToken(tx: WriteTx, scope: Scope, row: ApiTokenRow): Promise<void> {
  await sessionOf(tx).run(
    `insert into api_tokens
     (tenant_id, token_id, account_id, name, secret_hash, scopes, created_ms, expires_ms, used_ms)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      scope.tenantId,
      row.tokenId,
      row.accountId,
      row.name,
      row.secretHash,
      JSON.stringify(row.scopes),
      row.createdMs,
      row.expiresMs,
      row.usedMs,
    ],
  );
}

/** Without a Scope: a token says which tenant it enters. */
export async function findApiToken(
  tx: Tx,
  tokenId: string,
): Promise<(ApiTokenRow & { readonly tenant: TenantRow }) | null> {
  const row = await sessionOf(tx).first(
    `select ${COLUMNS}, k.tenant_id, t.name as tenant_name, t.created_at
     from api_tokens k
     join tenants t on t.tenant_id = k.tenant_id
     where k.token_id = ?`,
    [tokenId],
  );
  if (!row) return null;
  const tenantId = intOf(row, "tenant_id");
  return {
    ...apiToken(row),
    tenant: { tenantId, name: textOf(row, "tenant_name"), createdAt: intOf(row, "created_at") },
  };
}

/** The tenant's tokens, the newest first. */
export async function listApiTokens(tx: Tx, scope: Scope): Promise<ApiTokenRow[]> {
  const sql = `select ${COLUMNS} from api_tokens k where k.tenant_id = ? order by k.created_ms desc, k.token_id`;
  return (await sessionOf(tx).all(sql, [scope.tenantId])).map(apiToken);
}

export async function touchApiToken(tx: WriteTx, tenantId: number, tokenId: string, nowMs: number): Promise<void> {
  const sql = "update api_tokens set used_ms = ? where tenant_id = ? and token_id = ?";
  await sessionOf(tx).run(sql, [nowMs, tenantId, tokenId]);
}

/** @returns whether there was one. */
export async function deleteApiToken(tx: WriteTx, scope: Scope, tokenId: string): Promise<boolean> {
  const sql = "delete from api_tokens where tenant_id = ? and token_id = ?";
  return (await sessionOf(tx).run(sql, [scope.tenantId, tokenId])) === 1;
}

const COLUMNS = "k.token_id, k.account_id, k.name, k.secret_hash, k.scopes, k.created_ms, k.expires_ms, k.used_ms";

function apiToken(row: SqlRow): ApiTokenRow {
  return {
    tokenId: textOf(row, "token_id"),
    accountId: textOrNull(row, "account_id"),
    name: textOf(row, "name"),
    secretHash: blobOf(row, "secret_hash"),
    scopes: JSON.parse(textOf(row, "scopes")) as string[],
    createdMs: intOf(row, "created_ms"),
    expiresMs: intOf(row, "expires_ms"),
    usedMs: intOrNull(row, "used_ms"),
  };
}
