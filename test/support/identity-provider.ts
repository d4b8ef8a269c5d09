import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { decodeJwt, SignJWT } from "jose";
// @ts-expect-error The package has no types.
import * as untyped from "oidc-provider";

import type { Provider, ProviderModule } from "../../src/oauth/provider-types.ts";

/** What only a provider without a page of its own needs besides. */
interface AskingNobody extends Provider {
  interactionFinished(
    request: IncomingMessage,
    response: ServerResponse,
    result: Readonly<Record<string, unknown>>,
  ): Promise<void>;
}

const { Provider: ProviderClass } = untyped as {
  readonly Provider: new (...args: ConstructorParameters<ProviderModule["Provider"]>) => AskingNobody;
};
const LIFE_SECONDS = 600;
/** What may be asked of any resource. */
const RESOURCE_SCOPES = "read own audit";
const KINDS = ["AccessToken", "AuthorizationCode", "Grant", "IdToken", "Interaction", "Session"];

export interface TestIdentityProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who signs in next, and what is said of them. */
  signsIn(subject: string, claims: Readonly<Record<string, unknown>>): void;
  /** Goes through the provider as a browser does. @returns where it sends the browser in the end */
  visit(url: string): Promise<string>;
  /** An access token for a resource, as an assistant gets it in the name of whoever signs in next. */
  accessToken(resource: string, scope: string): Promise<string>;
  /** Signs what a token says again, with something changed. */
  resign(token: string, changed: Readonly<Record<string, unknown>>): Promise<string>;
  close(): Promise<void>;
}

/** A real OpenID provider on a port of its own, which asks nobody for a password. */
export async function startIdentityProvider(redirectUri: string): Promise<TestIdentityProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = { clientId: "bursar", clientSecret: "a secret of this test and no other" };
  const asked = new Set<string>();
  let next = { subject: "nobody", claims: {} as Readonly<Record<string, unknown>> };

  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const provider = new ProviderClass(issuer, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    claims: { openid: ["sub", "groups"], email: ["email", "email_verified"], profile: ["name"] },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_: unknown, audience: string) => ({
          scope: RESOURCE_SCOPES,
          audience,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
    extraTokenClaims: () => next.claims,
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    findAccount: (_: unknown, accountId: string) => ({ accountId, claims: () => ({ sub: accountId, ...next.claims }) }),
    ttl: Object.fromEntries(KINDS.map((kind) => [kind, LIFE_SECONDS])),
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig" }] },
    cookies: { keys: ["for this test"] },
  });
  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (request.url?.startsWith("/interaction/") !== true) {
      void answer(request, response);
      return;
    }
    const { subject } = next;
    const grant = new provider.Grant({ accountId: subject, clientId: client.clientId });
    grant.addOIDCScope("openid email profile");
    for (const resource of asked) grant.addResourceScope(resource, RESOURCE_SCOPES);
    void grant
      .save()
      .then((grantId) =>
        provider.interactionFinished(request, response, { login: { accountId: subject }, consent: { grantId } }),
      );
  });

  const self: TestIdentityProvider = {
    issuer,
    ...client,
    async accessToken(resource, scope) {
      asked.add(resource);
      const verifier = randomBytes(32).toString("base64url");
      const params = {
        client_id: client.clientId,
        redirect_uri: redirectUri,
        response_type: "code",
        scope,
        resource,
        code_challenge: createHash("sha256").update(verifier).digest("base64url"),
        code_challenge_method: "S256",
      };
      const back = new URL(await self.visit(`${issuer}/auth?${new URLSearchParams(params).toString()}`));
      const answer = await fetch(`${issuer}/token`, {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "authorization_code",
          code: back.searchParams.get("code") ?? "",
          redirect_uri: redirectUri,
          code_verifier: verifier,
          client_id: client.clientId,
          client_secret: client.clientSecret,
        }),
      });
      const { access_token: token } = (await answer.json()) as { access_token?: string };
      if (token === undefined) throw new Error(`the provider gave no token: ${back.href}`);
      return token;
    },
    resign: (token, changed) =>
      new SignJWT({ ...decodeJwt(token), ...changed }).setProtectedHeader({ alg: "RS256" }).sign(privateKey),
    signsIn: (subject, claims) => {
      next = { subject, claims };
    },
    async visit(url) {
      const jar = new Map<string, string>();
      let at = url;
      for (let hop = 0; hop < 10; hop++) {
        if (!at.startsWith(issuer)) return at;
        const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
        const response = await fetch(at, { redirect: "manual", headers: { cookie } });
        for (const one of response.headers.getSetCookie()) {
          const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(one) ?? [];
          jar.set(name, value);
        }
        const location = response.headers.get("location");
        if (location === null) throw new Error(`the provider answered ${response.status}: ${await response.text()}`);
        at = new URL(location, at).href;
      }
      throw new Error("the provider never sent the browser back");
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return self;
}
