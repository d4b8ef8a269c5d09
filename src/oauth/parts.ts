import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";

import type { Permission, Role, Signed } from "../access/index.ts";
import type { Clock, Log, Random } from "../domain/index.ts";
import type { OperationContext } from "../operations/index.ts";
import type { Store, TenantRow } from "../store/index.ts";

/** What every request carries on its way; the server that it comes through sets it. */
export interface OAuthEnv {
  readonly Bindings: Partial<HttpBindings>;
  readonly Variables: {
    requestId: string;
    /** Of whoever asks, behind proxies that are trusted. */
    address: string;
  };
}

/** What the authorization of assistants is made of, chosen by whoever starts the server. */
export interface AuthorizationParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Where everybody reaches this server, as `https://bursar.example` or `http://127.0.0.1:7878`; known once it listens. */
  readonly origin: () => string;
  /** What works on a tenant's record, its ledger among it. */
  readonly contextOf: (tenant: TenantRow) => OperationContext;
  /** Who asks, by session or by API token; null for a request with neither. @throws Failure `access.*` */
  readonly signedIn: (request: Request, address: string) => Promise<Signed | null>;
  readonly settings: OAuthSettings;
  readonly safe: KeySafe;
  /** Reads the metadata document of a client from wherever the client says that it is. */
  readonly fetchDocument: FetchDocument;
}

/** Who gives out tokens: this server itself, or another that an operator named. */
export type OAuthSettings = BuiltInSettings | ExternalSettings;

export interface BuiltInSettings {
  readonly kind: "built-in";
  /** Clients may name themselves by the address of a document, which is then read. */
  readonly documents: boolean;
  /** Clients may register themselves. */
  readonly registration: boolean;
}

export interface ExternalSettings {
  readonly kind: "external";
  readonly issuer: string;
  /** What its tokens for this server say as `aud`; null: this server's own address, as the protocol asks for. */
  readonly audience: string | null;
  /** The claim that is somebody's subject at sign-in: `sub`. */
  readonly accountClaim: string;
  /** The claim that names the tenant; null: the account's first one. */
  readonly tenantClaim: string | null;
  /** The claim that says what somebody is in the organization; null: what the account is already. */
  readonly roleClaim: string | null;
  /** Values of that claim, and what they make of somebody: those of single sign-on. */
  readonly roleMap: readonly { readonly value: string; readonly role: Role; readonly tenant: string }[];
}

/** Where the server's own keys stay sealed. */
export interface KeySafe {
  /** What is sealed under this name; made and sealed at the first use. @throws Failure `vault.locked`, `vault.altered` */
  open(name: string, make: () => string): Promise<string>;
}

export type FetchDocument = (address: URL) => Promise<FetchedDocument>;

export interface FetchedDocument {
  readonly status: number;
  /** `cache-control` and `expires`, in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Something of this room that is answered below a path of the server. */
export interface AuthorizationMount {
  readonly path: string;
  readonly app: () => Hono<OAuthEnv>;
  /** Paths whose body is a form, as OAuth wants it; no cookie counts there. */
  readonly takesForms?: readonly string[];
}

/** Why somebody is not let in, as `WWW-Authenticate` says it. */
export type Refusal =
  /** They showed nothing. */
  | { readonly error?: undefined }
  /** What they showed does not hold, or not here. */
  | { readonly error: "invalid_token" }
  /** It holds and does not suffice; `scopes` are all that are needed, those of the token included. */
  | { readonly error: "insufficient_scope"; readonly scopes: readonly Permission[] }
  /** They showed it in the address, or twice. */
  | { readonly error: "invalid_request" };

/** The authorization of assistants: what `/mcp` asks, and what answers beside it. */
export interface Authorization {
  readonly mounts: readonly AuthorizationMount[];
  /** The canonical address of the protected resource, `https://bursar.example/mcp`: every token must be meant for it. */
  readonly resource: () => string;
  /**
   * Who asks at the resource: an assistant with an access token, or a program with an API token. Sessions do not count.
   *
   * @returns null for a request that shows nothing
   * @throws Failure `access.grant_invalid` (401), `access.token_invalid` (401), `access.token_in_address` (400),
   *   `access.too_many_attempts`, `vault.locked`
   */
  authenticate(request: Request, address: string): Promise<Signed | null>;
  /** The value of `WWW-Authenticate` for a 401, or for a 403 of too little scope. */
  challenge(refusal: Refusal): string;
}
