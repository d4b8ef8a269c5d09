import { Hono } from "hono";

import { accountOfIdentity, RateLimit } from "../../access/index.ts";
import { Failure } from "../../domain/index.ts";
import { leaveTrace } from "../../operations/index.ts";
import type { ApiContext, ApiEnv } from "../env.ts";
import { Begun } from "./begun.ts";
import { enterBrowser, giveCookie } from "./browser-session.ts";
import type { AuthParts } from "./create-auth.ts";
import { OidcClient, type OidcFlow } from "./oidc-client.ts";
import type { OidcSettings } from "./oidc-settings.ts";

const FLOW_MS = 10 * 60_000;
const OF_ADDRESS = { burst: 20, everyMs: 15_000 };

/**
 * `GET /start` leaves for the provider, `GET /callback` comes back from it. Whatever goes wrong ends at the sign-in page
 * with `?problem=`: `sso-provider` (it cannot be reached, or what it says does not hold), `sso-flow` (too late, or another
 * browser), `sso-role` (its role claim lets this person in nowhere, or the account is disabled).
 */
export function oidcRoutes(parts: AuthParts, settings: OidcSettings): Hono<ApiEnv> {
  const { clock, random, log, store, origin } = parts;
  const client = new OidcClient(settings);
  const ofAddress = new RateLimit(clock, OF_ADDRESS);
  const flows = new Begun<OidcFlow>(parts, "sso", FLOW_MS);
  const redirectUri = () => `${origin()}/auth/oidc/callback`;
  const app = new Hono<ApiEnv>();

  app.get("/start", async (c) => {
    const wait = ofAddress.take(c.get("address"));
    if (wait > 0) throw new Failure("access.too_many_attempts", { seconds: Math.ceil(wait / 1000) });
    const secret = () => random.bytes(32).toString("base64url");
    const flow = { state: secret(), nonce: secret(), verifier: secret() };
    try {
      const url = await client.startUrl(flow, redirectUri());
      flows.begin(c, flow);
      return c.redirect(url.href);
    } catch (thrown) {
      return refused(c, "provider", thrown);
    }
  });

  app.get("/callback", async (c) => {
    const flow = flows.find(c);
    flows.end(c);
    if (flow === null) return refused(c, "flow", null);
    let identity;
    try {
      // The address as the browser knows it, which a proxy may have changed on the way.
      identity = await client.identityOf(flow, new URL(`${redirectUri()}${new URL(c.req.url).search}`));
    } catch (thrown) {
      return refused(c, "provider", thrown);
    }
    const known = await store.write(async (tx) => {
      const found = await accountOfIdentity(tx, parts, settings.roleMap, identity);
      return found && { ...found, begun: await enterBrowser(tx, parts, c, found.account) };
    });
    if (known === null) return refused(c, "role", null);
    const { accountId } = known.account;
    for (const { tenant, role } of known.changed) {
      const event = known.isNew ? "account.made_by_sso" : "account.changed_by_sso";
      await leaveTrace(parts, [tenant], accountId, { event, account: accountId, role });
    }
    const { begun } = known;
    if (begun === null) return refused(c, "role", null);
    const { sessionId, tenants } = begun;
    await leaveTrace(parts, tenants, accountId, {
      event: "session.began",
      account: accountId,
      session: sessionId,
      way: "sso",
    });
    giveCookie(parts, c, begun.token);
    return c.redirect("/");
  });
  return app;

  /** What the provider or the library say may hold tokens: only the kind of trouble is told. */
  function refused(c: ApiContext, what: "provider" | "flow" | "role", thrown: unknown): Response {
    const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : what;
    log("warn", "access.sso_failed", { requestId: c.get("requestId"), code });
    return c.redirect(`/sign-in?problem=sso-${what}`);
  }
}
