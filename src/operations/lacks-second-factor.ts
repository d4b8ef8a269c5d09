import { demandsFactor, type Signed } from "../access/index.ts";
import type { Tx } from "../store/index.ts";
import { readSetting } from "./tenant-settings.ts";

/**
 * Whether a second factor is demanded of whoever has this session, in any of the tenants that it enters, and the account
 * has none. Never of who signs in through an identity provider, which asks for its own.
 */
export async function lacksSecondFactor(tx: Tx, { kind, account, tenants }: Signed): Promise<boolean> {
  if (kind !== "session" || account === null || account.email === null || account.secondFactorMs !== null) return false;
  for (const tenant of tenants) {
    if (demandsFactor(await readSetting(tx, tenant, "secondFactor"), tenant.caller.role)) return true;
  }
  return false;
}
