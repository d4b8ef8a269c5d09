import { hashOfOpaque, newId, type Entrance, type Permission } from "../access/index.ts";
import { deleteOauthGrant, insertOauthGrant, prolongOauthArtifact } from "../store/index.ts";
import { appendAudit } from "../sync/index.ts";
import type { ConsentParts } from "./consent-routes.ts";
import { GRANT_SECONDS } from "./open-provider.ts";
import type { Provider, ProviderClient } from "./provider-types.ts";

export interface Consent {
  readonly entrance: Entrance;
  readonly accountId: string;
  readonly client: ProviderClient;
  readonly asked: readonly Permission[];
  /** What was allowed of it. */
  readonly scopes: readonly Permission[];
}

/** A registered client is kept this much longer than what it was allowed: it comes back and asks again. */
const REMEMBERED_MS = 90 * 86_400_000;

/**
 * Lets a client in as a person, in the tenant that they chose, and writes it into that tenant's ledger.
 *
 * @throws Failure `vault.locked`, `ledger.rolled_back`: what leaves no trace is not given.
 */
export async function giveGrant(
  {
    store,
    clock,
    random,
    contextOf,
    resource,
    provider,
  }: Omit<ConsentParts, "provider"> & {
    readonly provider: Provider;
  },
  { entrance, accountId, client, asked, scopes }: Consent,
): Promise<string> {
  const context = contextOf(entrance);
  const effects = await context.effects();
  const { clientId } = client;
  const grantId = newId(random, "g");
  const createdMs = clock.now();
  const expiresMs = createdMs + GRANT_SECONDS * 1_000;
  const clientName = clientNameOf(client);
  const row = { grantId, accountId, clientId, clientName, scopes, createdMs, expiresMs, usedMs: null };
  await store.write(async (tx) => {
    await insertOauthGrant(tx, entrance, row);
    await prolongOauthArtifact(tx, "Client", hashOfOpaque(clientId), expiresMs + REMEMBERED_MS);
  });
  try {
    const grant = new provider.Grant({ jti: grantId, accountId, clientId });
    grant.addOIDCScope("openid offline_access");
    grant.addResourceScope(resource(), scopes.join(" "));
    // What was asked for and not given has been answered too: otherwise the question would come again.
    const refused = asked.filter((one) => !scopes.includes(one));
    if (refused.length > 0) grant.rejectResourceScope(resource(), refused.join(" "));
    await grant.save();
    const scope = { ...context.scope, principal: `account:${accountId}` };
    await appendAudit(effects, scope, {
      event: "grant.given",
      grant: grantId,
      account: accountId,
      client: clientId,
      client_name: clientName,
      scopes: [...scopes],
      expires_at: new Date(expiresMs).toISOString(),
    });
  } catch (thrown) {
    await store.write((tx) => deleteOauthGrant(tx, entrance.tenantId, grantId));
    throw thrown;
  }
  return grantId;
}

function clientNameOf({ clientId, clientName, clientIdMetadataDocument }: ProviderClient): string {
  return clientName ?? (clientIdMetadataDocument === true ? new URL(clientId).host : "An assistant without a name");
}
