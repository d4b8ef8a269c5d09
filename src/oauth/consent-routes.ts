import { Hono, type Context } from "hono";
import { z } from "zod";

import { ASSISTANT_SCOPES, type Entrance, type Permission, type Signed } from "../access/index.ts";
import { Failure } from "../domain/index.ts";
import { MOUNT_PATH, pairFor } from "./ask-provider.ts";
import { placeOf } from "./client-metadata.ts";
import { giveGrant } from "./give-grant.ts";
import type { NodePair } from "./node-pair.ts";
import type { AuthorizationParts, OAuthEnv } from "./parts.ts";
import type { Provider, ProviderClient, ProviderInteraction } from "./provider-types.ts";

export interface ConsentParts extends Omit<AuthorizationParts, "settings"> {
  readonly resource: () => string;
  readonly provider: () => Promise<Provider>;
}

const decision = z.discriminatedUnion("decision", [
  z.object({ decision: z.literal("deny") }),
  z.object({
    decision: z.literal("allow"),
    tenant: z.string().min(1).max(200),
    scopes: z.array(z.enum(ASSISTANT_SCOPES)).min(1).max(ASSISTANT_SCOPES.length),
  }),
]);

/**
 * `GET /interactions/UID`: what a client asks for, for the page that asks a person; a browser that is sent there is sent
 * on to that page. `POST` takes the answer and says where the browser goes on.
 *
 * Both want the cookie of the browser that began, and the session of whoever answers; the gate before us wants JSON from
 * our own origin.
 */
export function consentRoutes(parts: ConsentParts): Hono<OAuthEnv> {
  const { signedIn, origin } = parts;
  const app = new Hono<OAuthEnv>();

  app.get("/interactions/:uid", async (c) => {
    const uid = c.req.param("uid");
    if ((c.req.header("accept") ?? "").includes("text/html")) return c.redirect(`/consent/${uid}`, 303);
    const { interaction, client } = await standing(c, uid);
    const { account, tenants } = await person(c);
    return c.json(told(interaction, client, account?.name ?? "", tenants));
  });

  app.post("/interactions/:uid", async (c) => {
    const { provider, pair, interaction, client } = await standing(c, c.req.param("uid"));
    const { account, tenants } = await person(c);
    const given = await decisionIn(c);
    const finish = (result: Readonly<Record<string, unknown>>) =>
      provider.interactionResult(pair.request, pair.response, result, { mergeWithLastSubmission: false });
    if (given.decision === "deny") {
      const description = "The person did not allow it";
      return c.json({ redirectTo: await finish({ error: "access_denied", error_description: description }) });
    }
    const entrance = tenants.find(({ name }) => name === given.tenant);
    if (entrance === undefined || account === null) throw new Failure("access.unknown", { what: "tenant" });
    const { accountId } = account;
    const asked = askedFor(interaction);
    const scopes = grantable(asked, entrance).filter((one) => given.scopes.includes(one));
    if (scopes.length === 0) {
      const remedy = "Allow at least one of those that your role has.";
      throw new Failure("input.invalid", { field: "scopes", problem: "none of them can be allowed", remedy });
    }
    const grantId = await giveGrant({ ...parts, provider }, { entrance, accountId, client, asked, scopes });
    return c.json({
      // Not remembered: the next client asks again, whoever sits there then.
      redirectTo: await finish({ login: { accountId, remember: false }, consent: { grantId } }),
    });
  });
  return app;

  /** The request that is still open in this browser. @throws Failure `access.request_ended` */
  async function standing(c: Context<OAuthEnv>, uid: string) {
    const provider = await parts.provider();
    const pair = pairFor(c.req.raw, { target: new URL(c.req.url).pathname.slice(MOUNT_PATH.length), origin: origin() });
    const interaction = await detailsOf(provider, pair);
    if (interaction?.uid !== uid) throw new Failure("access.request_ended");
    const client = await provider.Client.find(String(interaction.params["client_id"]));
    if (client === undefined) throw new Failure("access.request_ended");
    return { provider, pair, interaction, client };
  }

  /** @throws Failure `access.not_signed_in`, `access.not_by_token` */
  async function person(c: Context<OAuthEnv>): Promise<Signed> {
    const signed = await signedIn(c.req.raw, c.get("address"));
    if (signed === null) throw new Failure("access.not_signed_in");
    if (signed.kind !== "session") throw new Failure("access.not_by_token");
    return signed;
  }
}

/** Null without the cookie of the browser that began, and for a request that is over. */
async function detailsOf(provider: Provider, { request, response }: NodePair): Promise<ProviderInteraction | null> {
  try {
    return await provider.interactionDetails(request, response);
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "SessionNotFound") return null;
    throw thrown;
  }
}

async function decisionIn(c: Context<OAuthEnv>): Promise<z.output<typeof decision>> {
  const read = decision.safeParse(await c.req.json().catch(() => null));
  if (read.success) return read.data;
  const field = read.error.issues[0]?.path.join(".") || "body";
  throw new Failure("input.invalid", {
    field,
    problem: "cannot be read",
    remedy: "Decide on the page of the request.",
  });
}

function askedFor({ params }: ProviderInteraction): readonly Permission[] {
  const { scope } = params;
  const asked = typeof scope === "string" ? scope.split(" ") : [];
  return ASSISTANT_SCOPES.filter((one) => asked.includes(one));
}

/** What somebody may pass on of what is asked for: never more than they have themselves. */
function grantable(asked: readonly Permission[], { caller }: Entrance): Permission[] {
  return asked.filter((one) => caller.permissions.has(one));
}

/** What the page shows. */
function told(interaction: ProviderInteraction, client: ProviderClient, person: string, tenants: readonly Entrance[]) {
  const asked = askedFor(interaction);
  const redirect = String(interaction.params["redirect_uri"]);
  return {
    client: {
      id: client.clientId,
      name: client.clientName ?? null,
      // A document at an address proves whose it is; what a client registered proves nothing.
      knownFrom: client.clientIdMetadataDocument === true ? new URL(client.clientId).host : null,
    },
    sendsBackTo: { host: new URL(redirect).host, isThisMachine: placeOf(redirect) === "loopback" },
    person,
    asked,
    tenants: tenants.map((entrance) => ({ name: entrance.name, scopes: grantable(asked, entrance) })),
    expiresAt: new Date(interaction.exp * 1_000).toISOString(),
  };
}
