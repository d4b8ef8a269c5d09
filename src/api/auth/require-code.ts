import { requireRightCode, showFactor } from "../../access/index.ts";
import { Failure } from "../../domain/index.ts";
import { leaveTrace } from "../../operations/index.ts";
import { membershipsOf } from "../../store/index.ts";
import type { ApiContext } from "../env.ts";
import type { AuthParts } from "./create-auth.ts";

/**
 * Asks the second factor of somebody who has shown the first: a password, or a link. A wrong code leaves a trace, as
 * somebody has that first one.
 *
 * @throws Failure `access.code_refused`, `access.too_many_attempts`, `vault.locked`
 */
export async function requireCode(
  parts: AuthParts,
  c: ApiContext,
  accountId: string,
  typed: string,
): Promise<"code" | "recovery_code"> {
  const { store, clock, log } = parts;
  const memberships = await store.read((tx) => membershipsOf(tx, accountId));
  const tenants = memberships.filter(({ disabled }) => !disabled).map(({ tenant }) => tenant);
  const [first] = tenants;
  if (first === undefined) throw new Failure("access.sign_in_failed");
  const { factorSafe: safe } = parts.contextOf(first);
  const shown = await store.write((tx) => showFactor(tx, { clock, safe }, accountId, typed));
  if (shown.kind !== "right") log("warn", "access.code_refused", { requestId: c.get("requestId") });
  if (shown.kind === "wrong") {
    await leaveTrace(parts, tenants, accountId, { event: "second_factor.refused", account: accountId });
  }
  requireRightCode(shown);
  return shown.way;
}
