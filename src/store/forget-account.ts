import { INSTALLATION } from "./accounts.ts";
import { textOf } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { Scope, WriteTx } from "./types.ts";

/**
 * Takes an account out of a tenant, with its tokens, what it allowed assistants and its views; those that others use
 * too stay, under another name. Where it enters no other tenant, the account itself goes, and its sessions, links and
 * second factor; the factor's sealed secret is the vault's, and the caller's to destroy.
 *
 * @returns whether the account itself is gone
 */
export async function forgetAccount(
  tx: WriteTx,
  { tenantId }: Pick<Scope, "tenantId">,
  accountId: string,
  ownerName: string,
): Promise<boolean> {
  const session = sessionOf(tx);
  const grants = await session.all("select grant_id from oauth_grants where tenant_id = ? and account_id = ?", [
    tenantId,
    accountId,
  ]);
  for (const row of grants) {
    const sql = "delete from oauth_artifacts where tenant_id = ? and grant_id = ?";
    await session.run(sql, [INSTALLATION, textOf(row, "grant_id")]);
  }
  await session.run("delete from saved_views where tenant_id = ? and owner = ? and shared = 0", [tenantId, accountId]);
  const rename = "update saved_views set owner_name = ? where tenant_id = ? and owner = ?";
  await session.run(rename, [ownerName, tenantId, accountId]);
  for (const table of ["oauth_grants", "api_tokens", "account_tenants"]) {
    await session.run(`delete from ${table} where tenant_id = ? and account_id = ?`, [tenantId, accountId]);
  }
  const elsewhere = await session.first("select 1 from account_tenants where account_id = ? limit 1", [accountId]);
  if (elsewhere !== undefined) return false;
  for (const table of ["sign_in_sessions", "one_time_links", "recovery_codes", "second_factors", "accounts"]) {
    await session.run(`delete from ${table} where tenant_id = ? and account_id = ?`, [INSTALLATION, accountId]);
  }
  return true;
}
