import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

// @ts-expect-error The package has no types.
import * as untyped from "oidc-provider";

/** As much of the provider as is used here. */
interface ProviderClass {
  new (
    issuer: string,
    configuration: Readonly<Record<string, unknown>>,
  ): {
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    readonly Grant: new (of: { accountId: string; clientId: string }) => {
      addOIDCScope(scope: string): void;
      save(): Promise<string>;
    };
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: Readonly<Record<string, unknown>>,
    ): Promise<void>;
  };
}

const { Provider } = untyped as { readonly Provider: ProviderClass };
const LIFE_SECONDS = 600;
const KINDS = ["AccessToken", "AuthorizationCode", "Grant", "IdToken", "Interaction", "Session"];

export interface TestIdentityProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who signs in next, and what is said of them. */
  signsIn(subject: string, claims: Readonly<Record<string, unknown>>): void;
  /** Goes through the provider as a browser does. @returns where it sends the browser in the end */
  visit(url: string): Promise<string>;
  close(): Promise<void>;
}

/** A real OpenID provider on a port of its own, which asks nobody for a password. */
export async function startIdentityProvider(redirectUri: string): Promise<TestIdentityProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = { clientId: "bursar", clientSecret: "a secret of this test and no other" };
  let next = { subject: "nobody", claims: {} as Readonly<Record<string, unknown>> };

  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    claims: { openid: ["sub", "groups"], email: ["email", "email_verified"], profile: ["name"] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    findAccount: (_: unknown, accountId: string) => ({ accountId, claims: () => ({ sub: accountId, ...next.claims }) }),
    ttl: Object.fromEntries(KINDS.map((kind) => [kind, LIFE_SECONDS])),
    cookies: { keys: ["for this test"] },
  });
  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (request.url?.startsWith("/interaction/") !== true) return answer(request, response);
    const { subject } = next;
    const grant = new provider.Grant({ accountId: subject, clientId: client.clientId });
    grant.addOIDCScope("openid email profile");
    void grant
      .save()
      .then((grantId) =>
        provider.interactionFinished(request, response, { login: { accountId: subject }, consent: { grantId } }),
      );
    return undefined;
  });

  return {
    issuer,
    ...client,
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
}
