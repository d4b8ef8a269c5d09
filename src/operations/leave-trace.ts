import { isFailure, type Json, type Log } from "../domain/index.ts";
import type { TenantRow } from "../store/index.ts";
import { appendAudit } from "../sync/index.ts";
import type { OperationContext } from "./context.ts";

export interface TraceParts {
  /** What works on a tenant's record, its ledger among it. */
  readonly contextOf: (tenant: TenantRow) => OperationContext;
  readonly log: Log;
}

/**
 * Writes into the ledgers of these tenants what somebody did. That nobody can sign at the moment keeps nobody out: an
 * admin has to come in to see why.
 */
export async function leaveTrace(
  { contextOf, log }: TraceParts,
  tenants: readonly TenantRow[],
  accountId: string,
  event: { readonly event: string } & Readonly<Record<string, Json>>,
): Promise<void> {
  for (const tenant of tenants) {
    try {
      const context = contextOf(tenant);
      await appendAudit(await context.effects(), { ...context.scope, principal: `account:${accountId}` }, event);
    } catch (thrown) {
      if (!isFailure(thrown)) throw thrown;
      log("error", "access.no_trace", { tenant: tenant.name, failure: thrown.code });
    }
  }
}
