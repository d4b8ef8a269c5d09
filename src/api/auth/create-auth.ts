import { Hono } from "hono";

import {
  hashOfOpaque,
  isDueToTouch,
  RateLimit,
  signedBySession,
  signedByToken,
  type Signed,
} from "../../access/index.ts";
import { Failure, type Clock, type Log, type Random } from "../../domain/index.ts";
import { lacksSecondFactor, type OperationContext } from "../../operations/index.ts";
import { hasAccounts, touchApiToken, touchSession, type Store, type TenantRow } from "../../store/index.ts";
import type { Auth, MayLack } from "../authenticate.ts";
import type { ApiEnv } from "../env.ts";
import { cookieFor, readCookie } from "./cookie.ts";
import { linkRoute } from "./link-route.ts";
import { meRoute } from "./me-route.ts";
import { oidcRoutes } from "./oidc-routes.ts";
import type { OidcSettings } from "./oidc-settings.ts";
import { signInRoutes } from "./sign-in-routes.ts";

export interface AuthOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Where browsers reach this server, as `https://bursar.example` or `http://127.0.0.1:7878`; known once it listens. */
  readonly origin: () => string;
  /** What works on a tenant's record, its ledger among it. */
  readonly contextOf: (tenant: TenantRow) => OperationContext;
  /** Single sign-on, when it is configured. */
  readonly oidc: OidcSettings | null;
}

/** What the routes of `/auth` share. */
export interface AuthParts extends AuthOptions {
  readonly authenticate: Auth["authenticate"];
  readonly needsSetup: Auth["needsSetup"];
}

/** Wrong tokens from one address. */
const WRONG_TOKENS = { burst: 20, everyMs: 30_000 };

/** Accounts, sessions and tokens behind the server. Its routes throw Failures and are mounted at `/auth`. */
export function createAuth(options: AuthOptions): Auth {
  const { store, clock, log } = options;
  const wrongTokens = new RateLimit(clock, WRONG_TOKENS);
  let isSetUp = false;

  const parts: AuthParts = {
    ...options,
    authenticate(request, address, may) {
      const bearer = bearerOf(request);
      return bearer === undefined ? bySession(request, may) : byToken(bearer, address);
    },
    async needsSetup() {
      // Accounts are never removed, so that once is for ever.
      isSetUp ||= await store.read((tx) => hasAccounts(tx));
      return !isSetUp;
    },
  };
  const app = new Hono<ApiEnv>();
  app.route("/", signInRoutes(parts));
  app.route("/", linkRoute(parts));
  app.route("/", meRoute(parts));
  if (options.oidc !== null) app.route("/oidc", oidcRoutes(parts, options.oidc));
  return { app, authenticate: parts.authenticate, holds, needsSetup: parts.needsSetup };

  function holds(request: Request): Promise<Signed | null> {
    const bearer = bearerOf(request);
    const token = readCookie(request.headers.get("cookie"), cookieFor(options.origin()).name);
    return store.read(async (tx) => {
      if (bearer !== undefined) return signedByToken(tx, clock, bearer);
      const signed = token === null ? null : await signedBySession(tx, clock, token);
      return signed !== null && (await lacksSecondFactor(tx, signed)) ? null : signed;
    });
  }

  async function byToken(text: string, address: string): Promise<Signed> {
    const wait = wrongTokens.waitFor(address);
    if (wait > 0) throw new Failure("access.too_many_attempts", { seconds: Math.ceil(wait / 1000) });
    const signed = await store.read((tx) => signedByToken(tx, clock, text));
    if (signed === null) {
      wrongTokens.take(address);
      throw new Failure("access.token_invalid");
    }
    const [entrance] = signed.tenants;
    if (isDueToTouch(signed.seenMs, clock.now())) {
      touch((tx) => touchApiToken(tx, entrance.tenantId, entrance.caller.id, clock.now()));
    }
    return signed;
  }

  async function bySession(request: Request, may: MayLack = {}): Promise<Signed | null> {
    const token = readCookie(request.headers.get("cookie"), cookieFor(options.origin()).name);
    if (token === null) return null;
    const { signed, lacks } = await store.read(async (tx) => {
      const found = await signedBySession(tx, clock, token);
      return { signed: found, lacks: found !== null && (await lacksSecondFactor(tx, found)) };
    });
    if (lacks && may.beforeSecondFactor !== true) throw new Failure("access.second_factor_needed");
    if (signed !== null && isDueToTouch(signed.seenMs, clock.now())) {
      touch((tx) => touchSession(tx, hashOfOpaque(token), clock.now()));
    }
    return signed;
  }

  /** Nobody waits for it: while a sync writes, an answer would wait with it. */
  function touch(write: Parameters<Store["write"]>[0]): void {
    store.write(write).catch(() => log("warn", "access.not_touched"));
  }
}

function bearerOf(request: Request): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "")?.[1];
}
