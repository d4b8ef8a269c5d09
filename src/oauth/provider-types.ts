import type { IncomingMessage, ServerResponse } from "./node-pair.ts";

/** As much of `oidc-provider` as is used here; the package has no types. */
export interface ProviderModule {
  readonly Provider: new (issuer: string, configuration: Readonly<Record<string, unknown>>) => Provider;
  readonly errors: {
    readonly InvalidGrant: new (detail: string) => Error;
    readonly InvalidTarget: new () => Error;
  };
}

export interface Provider {
  /** Koa's own setting: what a proxy says about the connection is not believed. */
  proxy: boolean;
  callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  on(event: string, listener: (...args: never[]) => void): void;
  readonly Grant: new (of: {
    /** Its id; one of the provider's own unless given. */
    readonly jti?: string;
    readonly accountId: string;
    readonly clientId: string;
  }) => ProviderGrant;
  readonly Client: { find(id: string): Promise<ProviderClient | undefined> };
  interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<ProviderInteraction>;
  /** Keeps what was decided. @returns where the browser goes on */
  interactionResult(
    request: IncomingMessage,
    response: ServerResponse,
    result: Readonly<Record<string, unknown>>,
    options?: { readonly mergeWithLastSubmission: boolean },
  ): Promise<string>;
}

export interface ProviderGrant {
  addOIDCScope(scope: string): void;
  addResourceScope(resource: string, scope: string): void;
  rejectResourceScope(resource: string, scope: string): void;
  save(): Promise<string>;
}

export interface ProviderClient {
  readonly clientId: string;
  readonly clientName?: string;
  /** Its metadata came from the address that is its id. */
  readonly clientIdMetadataDocument?: boolean;
}

export interface ProviderInteraction {
  readonly uid: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Seconds since the epoch. */
  readonly exp: number;
}

/** Koa's context, in the functions that the provider calls. */
export interface ProviderContext {
  status: number;
  body: unknown;
  accepts(...types: string[]): string | false;
  redirect(address: string): void;
  readonly oidc?: {
    readonly route?: string;
    readonly entities: { readonly RotatedRefreshToken?: unknown; readonly Grant?: { readonly exp?: number } };
  };
}

/** A token or code as the provider hands it to those functions. */
export interface ProviderToken {
  readonly grantId?: string;
  readonly clientId?: string;
}

/** How the provider keeps things; one of these for each kind. */
export interface ProviderAdapter {
  upsert(id: string, payload: Readonly<Record<string, unknown>>, expiresInSeconds?: number): Promise<void>;
  find(id: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  findByUid(uid: string): Promise<undefined>;
  findByUserCode(userCode: string): Promise<undefined>;
  consume(id: string): Promise<void>;
  destroy(id: string): Promise<void>;
  revokeByGrantId(grantId: string): Promise<void>;
}
