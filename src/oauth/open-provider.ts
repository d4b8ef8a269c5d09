import { ASSISTANT_SCOPES } from "../access/index.ts";
import { findOauthGrant, membershipsOf } from "../store/index.ts";
import { ACCESS_TOKEN_SECONDS, type TokenClaims } from "./access-token.ts";
import { artifactsOf, nothingKept } from "./artifacts.ts";
import { readClientMetadata } from "./client-metadata.ts";
import { endGrant } from "./end-grant.ts";
import type { AuthorizationParts, BuiltInSettings } from "./parts.ts";
import type { Provider, ProviderClient, ProviderContext, ProviderModule, ProviderToken } from "./provider-types.ts";
import type { ServerKeys } from "./server-keys.ts";

const DAY_SECONDS = 86_400;

/** A grant ends after this time however much it is used: then somebody signs in and is asked again. */
export const GRANT_SECONDS = 90 * DAY_SECONDS;
/** And after this time without use. */
const IDLE_SECONDS = 30 * DAY_SECONDS;
const CODE_SECONDS = 60;
/** Long enough to find one's password. */
const CONSENT_SECONDS = 30 * 60;

const LARGEST_DOCUMENT = 5 * 1024;

/** Names of the provider's cookies; each is sent to one path only. */
export const COOKIES = { interaction: "bursar-consent", resume: "bursar-resume", session: "bursar-unused" } as const;

export interface ProviderParts extends Omit<AuthorizationParts, "settings"> {
  readonly settings: BuiltInSettings;
  readonly keys: ServerKeys;
  readonly issuer: string;
  readonly resource: string;
  /** Whether another document may be fetched at the moment. */
  readonly mayFetch: () => boolean;
}

/** The authorization server itself. Loaded with the first request that needs it: it brings koa, and takes its time. */
export async function openProvider(parts: ProviderParts): Promise<Provider> {
  const { keys, issuer, resource, settings, log, origin } = parts;
  // @ts-expect-error The package has no types.
  const { Provider, errors } = (await import("oidc-provider")) as ProviderModule;
  const isSecure = origin().startsWith("https:");
  const cookie = { signed: true, httpOnly: true, sameSite: "lax", secure: isSecure, overwrite: true };
  const named = (name: string) => `${isSecure ? "__Secure-" : ""}${name}`;

  const provider = new Provider(issuer, {
    adapter: (kind: string) =>
      kind === "Session"
        ? nothingKept
        : artifactsOf(kind, {
            ...parts,
            key: keys.artifacts,
            onGrantEnd: (grantId) => endGrant(parts, grantId),
            alreadyUsed: () => new errors.InvalidGrant("used already"),
          }),
    jwks: { keys: [keys.signing] },
    cookies: {
      keys: [keys.cookies],
      long: cookie,
      short: cookie,
      names: {
        interaction: named(COOKIES.interaction),
        resume: named(COOKIES.resume),
        session: named(COOKIES.session),
      },
    },
    routes: ROUTES,
    responseTypes: ["code"],
    scopes: ["openid", "offline_access"],
    claims: { openid: ["sub"] },
    clientAuthMethods: ["none"],
    clientDefaults: {
      grant_types: ["authorization_code"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
      id_token_signed_response_alg: "ES256",
    },
    enabledJWA: { idTokenSigningAlgValues: ["ES256"] },
    pkce: { required: () => true },
    clientBasedCORS: () => false,
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      dPoP: { enabled: false },
      revocation: {
        enabled: true,
        // A client gives back its own; anything else is a token that there is not.
        allowedPolicy: (_ctx: unknown, client: ProviderClient, token: ProviderToken) =>
          client.clientId === token.clientId,
      },
      pushedAuthorizationRequests: { enabled: false },
      registration: { enabled: settings.registration, initialAccessToken: false, issueRegistrationAccessToken: false },
      clientIdMetadataDocument: {
        enabled: settings.documents,
        ack: "draft-02",
        allowFetch: () => parts.mayFetch(),
        allowClient: () => true,
        cacheDuration: { min: 60, max: DAY_SECONDS },
      },
      resourceIndicators: {
        enabled: true,
        // Clients from before the parameter ask for the one resource there is.
        defaultResource: (_ctx: unknown, _client: unknown, oneOf: unknown) => oneOf ?? resource,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx: unknown, asked: string) => {
          if (asked !== resource) throw new errors.InvalidTarget();
          return {
            scope: ASSISTANT_SCOPES.join(" "),
            audience: resource,
            accessTokenFormat: "jwt",
            accessTokenTTL: ACCESS_TOKEN_SECONDS,
            jwt: { sign: { alg: "ES256" } },
          };
        },
      },
    },
    extraTokenClaims: (_ctx: unknown, token: ProviderToken) => claimsOf(parts, token),
    // Nobody asked for a consent stays signed in here, so nothing depends on a session.
    expiresWithSession: () => false,
    issueRefreshToken: (_ctx: unknown, client: { grantTypeAllowed(type: string): boolean }) =>
      client.grantTypeAllowed("refresh_token"),
    rotateRefreshToken: true,
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: CODE_SECONDS,
      Grant: GRANT_SECONDS,
      IdToken: ACCESS_TOKEN_SECONDS,
      Interaction: CONSENT_SECONDS,
      Session: CONSENT_SECONDS,
      RefreshToken: ({ oidc }: ProviderContext) => {
        const left = (oidc?.entities.Grant?.exp ?? Infinity) - Math.floor(parts.clock.now() / 1_000);
        return Math.max(1, Math.min(IDLE_SECONDS, left));
      },
    },
    interactions: { url: (_ctx: unknown, { uid }: { uid: string }) => `${issuer}/interactions/${uid}` },
    findAccount: (_ctx: unknown, accountId: string, token?: ProviderToken) => accountOf(parts, accountId, token),
    // A grant given back by its client ends whichever of its tokens was shown.
    revokeGrantPolicy: () => true,
    renderError: (ctx: ProviderContext, out: { readonly error: string; readonly error_description?: string }) => {
      const { error, error_description } = out;
      if (ctx.accepts("json", "html") !== "html") {
        ctx.body = { error, ...(error_description === undefined ? {} : { error_description }) };
        return;
      }
      // The words for people stand in the dashboard; what came with the request does not come along.
      ctx.status = 303;
      ctx.redirect(`${origin()}/consent/problem?error=${encodeURIComponent(error)}`);
    },
    fetch: (address: string | URL) => fetchClient(parts, new URL(address)),
    fetchResponseBodyLimits: { "client_id metadata document": LARGEST_DOCUMENT },
  });
  provider.proxy = false;
  // What went wrong may hold what was sent: only its kind is written down.
  const fault = (...args: readonly unknown[]) => {
    const thrown = args.find((one) => one instanceof Error);
    log("error", "oauth.fault", { failure: thrown?.name ?? "unknown" });
  };
  provider.on("error", fault);
  provider.on("server_error", fault);
  return provider;
}

/** Paths below the mount. */
export const ROUTES = {
  authorization: "/authorize",
  token: "/token",
  registration: "/register",
  revocation: "/revoke",
  jwks: "/jwks",
} as const;

/** What an access token says besides: its grant, and the tenant that was chosen. */
async function claimsOf({ store }: ProviderParts, { grantId }: ProviderToken): Promise<TokenClaims | undefined> {
  if (grantId === undefined) return undefined;
  const grant = await store.read((tx) => findOauthGrant(tx, grantId));
  return grant === null ? undefined : { grant: grantId, tenant: grant.tenant.name };
}

/** Nobody whose grant was revoked, or who may not enter its tenant any more. */
async function accountOf({ store }: ProviderParts, accountId: string, token?: ProviderToken) {
  const grantId = token?.grantId;
  const may = await store.read(async (tx) => {
    const memberships = (await membershipsOf(tx, accountId)).filter(({ disabled }) => !disabled);
    if (grantId === undefined) return memberships.length > 0;
    const grant = await findOauthGrant(tx, grantId);
    return grant !== null && memberships.some(({ tenantId }) => tenantId === grant.tenant.tenantId);
  });
  return may ? { accountId, claims: () => ({ sub: accountId }) } : undefined;
}

/** A client's document, reduced to what is of use: the provider never sees an address in it that it might ask. */
async function fetchClient({ fetchDocument }: ProviderParts, address: URL): Promise<Response> {
  const { status, headers, body } = await fetchDocument(address);
  if (status !== 200) return new Response(null, { status });
  const document = JSON.parse(body) as unknown;
  const read = readClientMetadata(document);
  if ("error" in read) throw new Error(read.problem);
  const id = typeof document === "object" && document !== null && "client_id" in document ? document.client_id : null;
  return Response.json({ ...read.metadata, client_id: id }, { status, headers });
}
