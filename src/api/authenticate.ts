import type { Hono } from "hono";

import { subjectOf, type Caller, type Signed } from "../access/index.ts";
import { Failure } from "../domain/index.ts";
import { asCaller, type OperationContext } from "../operations/index.ts";
import type { TenantRow } from "../store/index.ts";
import type { ApiContext, ApiEnv } from "./env.ts";
import type { ApiParts } from "./parts.ts";

/** Accounts, sessions and tokens, as far as the rest of the server needs them. */
export interface Auth {
  /** `/auth/…`: signing in and out. */
  readonly app: Hono<ApiEnv>;
  /**
   * Null for a request without credentials or with a session that has ended.
   *
   * @throws Failure `access.*`; `access.second_factor_needed` where one is demanded and is not there, unless told
   */
  authenticate(request: Request, address: string, may?: MayLack): Promise<Signed | null>;
  /** The same, of something that goes on: it is no use, so a session that lies idle ends, and nobody is slowed down. */
  holds(request: Request): Promise<Signed | null>;
  /** Nobody has an account yet. */
  needsSetup(): Promise<boolean>;
}

/** Who is let in besides. */
export interface MayLack {
  /** Also somebody of whom a second factor is demanded, and who has none yet. */
  readonly beforeSecondFactor?: boolean | undefined;
}

/** Somebody in a tenant: what their request may use. */
export interface Entered {
  readonly tenant: TenantRow;
  readonly caller: Caller;
  readonly context: OperationContext;
  /** Names the caller in limits. */
  readonly subject: string;
}

/**
 * Lets a request in: who asks, in which tenant, with which rights, and how people appear to them.
 *
 * A tenant that exists for others only is one that does not exist.
 *
 * @throws Failure `access.setup_needed`, `access.*`, `access.not_signed_in`, `api.unknown_tenant`
 */
export async function enter(
  parts: ApiParts,
  c: ApiContext,
  { signal, ...may }: MayLack & { readonly signal?: AbortSignal } = {},
): Promise<Entered> {
  const { tenants } = await signedIn(parts, c, may);
  const named = c.req.header("x-bursar-tenant") ?? c.req.query("tenant");
  const tenant = named === undefined ? tenants[0] : tenants.find(({ name }) => name === named);
  if (tenant === undefined) throw new Failure("api.unknown_tenant");
  return entered(parts, tenant, tenant.caller, signal);
}

/** @throws Failure `access.setup_needed`, `access.*`, `access.not_signed_in` */
export async function signedIn({ auth }: ApiParts, c: ApiContext, may?: MayLack): Promise<Signed> {
  const signed = await auth.authenticate(c.req.raw, c.get("address"), may);
  if (signed === null) throw new Failure((await auth.needsSetup()) ? "access.setup_needed" : "access.not_signed_in");
  return signed;
}

/** What a caller may use in a tenant. */
export async function entered(
  parts: Pick<ApiParts, "contextOf">,
  tenant: TenantRow,
  caller: Caller,
  signal?: AbortSignal,
): Promise<Entered> {
  const context = await asCaller(parts.contextOf(tenant), caller, signal);
  return { tenant, caller, subject: subjectOf(caller), context };
}
