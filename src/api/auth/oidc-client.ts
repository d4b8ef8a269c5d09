import type { Configuration } from "openid-client";

import { claimValues, type Identity } from "../../access/index.ts";
import type { OidcSettings } from "./oidc-settings.ts";

/** What is remembered of a sign-in between leaving for the provider and coming back. */
export interface OidcFlow {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

const TIMEOUT_SECONDS = 10;

/** The provider's side of signing in: code flow with PKCE, state and nonce. Loaded with the first sign-in. */
export class OidcClient {
  readonly #settings: OidcSettings;
  #discovered: Promise<Configuration> | undefined;

  constructor(settings: OidcSettings) {
    this.#settings = settings;
  }

  /** Where the browser goes. */
  async startUrl({ state, nonce, verifier }: OidcFlow, redirectUri: string): Promise<URL> {
    const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await import("openid-client");
    return buildAuthorizationUrl(await this.#configuration(), {
      redirect_uri: redirectUri,
      scope: "openid email profile",
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      nonce,
    });
  }

  /** Who came back. @throws whatever is wrong with it, in the library's words */
  async identityOf(flow: OidcFlow, callback: URL): Promise<Identity> {
    const { authorizationCodeGrant, fetchUserInfo } = await import("openid-client");
    const configuration = await this.#configuration();
    const tokens = await authorizationCodeGrant(configuration, callback, {
      pkceCodeVerifier: flow.verifier,
      expectedState: flow.state,
      expectedNonce: flow.nonce,
      idTokenExpected: true,
    });
    const signed = tokens.claims();
    if (signed === undefined) throw new Error("no ID token");
    // Many providers put groups and profile only where the access token leads to.
    const hasUserInfo = configuration.serverMetadata().userinfo_endpoint !== undefined;
    const told = hasUserInfo ? await fetchUserInfo(configuration, tokens.access_token, signed.sub) : {};
    const claims: Readonly<Record<string, unknown>> = { ...told, ...signed };
    const email = textIn(claims, "email")?.toLowerCase() ?? null;
    return {
      issuer: signed.iss,
      subject: signed.sub,
      name: textIn(claims, "name") ?? textIn(claims, "preferred_username") ?? email ?? signed.sub,
      email,
      isEmailVerified: claims["email_verified"] === true,
      roles: claimValues(claims, this.#settings.roleClaim),
    };
  }

  #configuration(): Promise<Configuration> {
    this.#discovered ??= this.#discover().catch((thrown: unknown) => {
      // Asked again with the next sign-in.
      this.#discovered = undefined;
      throw thrown;
    });
    return this.#discovered;
  }

  async #discover(): Promise<Configuration> {
    const { allowInsecureRequests, discovery, None } = await import("openid-client");
    const { issuer, clientId, clientSecret } = this.#settings;
    const server = new URL(issuer);
    return discovery(server, clientId, clientSecret ?? undefined, clientSecret === null ? None() : undefined, {
      timeout: TIMEOUT_SECONDS,
      // The settings allow plain http to this machine only.
      execute: server.protocol === "http:" ? [allowInsecureRequests] : [],
    });
  }
}

function textIn(claims: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = claims[name];
  return typeof value === "string" && value.trim() !== "" ? value.trim().slice(0, 320) : null;
}
