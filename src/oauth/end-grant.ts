import { leaveTrace } from "../operations/index.ts";
import { deleteOauthGrant, findOauthGrant } from "../store/index.ts";
import type { AuthorizationParts } from "./parts.ts";

/**
 * Ends a grant because its client gave it back, or because one of its tokens came a second time. In the latter case
 * somebody has a copy, and neither of the two is to go on with it.
 */
export async function endGrant(
  parts: Pick<AuthorizationParts, "store" | "contextOf" | "log">,
  grantId: string,
): Promise<void> {
  const ended = await parts.store.write(async (tx) => {
    const grant = await findOauthGrant(tx, grantId);
    return grant !== null && (await deleteOauthGrant(tx, grant.tenant.tenantId, grantId)) ? grant : null;
  });
  if (ended === null) return;
  const { tenant, accountId, clientId } = ended;
  await leaveTrace(parts, [tenant], accountId, {
    event: "grant.revoked",
    grant: grantId,
    account: accountId,
    client: clientId,
    by: "client",
  });
}
