import { Hono } from "hono";

import type { Signed } from "../../access/index.ts";
import { effectivePrivacy, lacksSecondFactor } from "../../operations/index.ts";
import { recoveryCodesLeft, type Tx } from "../../store/index.ts";
import type { ApiEnv } from "../env.ts";
import type { AuthParts } from "./create-auth.ts";

/** `GET /me`: who is signed in, and what the sign-in page has to know when nobody is. */
export function meRoute(parts: AuthParts): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.get("/me", async (c) => {
    c.header("cache-control", "no-store");
    const signed = await parts.authenticate(c.req.raw, c.get("address"), { beforeSecondFactor: true });
    const setupNeeded = signed === null && (await parts.needsSetup());
    const sso = { enabled: parts.oidc !== null, label: parts.oidc?.label ?? null };
    if (signed === null) {
      return c.json({ account: null, tenants: [], tenant: null, privacyMode: null, setupNeeded, sso });
    }
    const named = c.req.header("x-bursar-tenant") ?? c.req.query("tenant");
    const entrance = signed.tenants.find(({ name }) => name === named) ?? signed.tenants[0];
    const { caller } = entrance;
    const privacy = await effectivePrivacy(parts, entrance, caller);
    return c.json({
      account: {
        id: caller.accountId ?? caller.id,
        name: caller.name,
        email: signed.account?.email ?? signed.account?.contact ?? null,
        role: caller.role,
        permissions: [...caller.permissions],
        personId: caller.personId,
        secondFactor: await parts.store.read((tx) => secondFactorOf(tx, signed)),
        hasPassword: signed.account !== null && signed.account.passwordHash !== null,
      },
      tenants: signed.tenants.map(({ name }) => ({ name })),
      tenant: entrance.name,
      privacyMode: privacy.mode,
      setupNeeded,
      sso,
    });
  });
  return app;
}

/** How it stands with the second factor of whoever is signed in; null for those who have none to show here. */
async function secondFactorOf(tx: Tx, signed: Signed) {
  const { kind, account } = signed;
  if (kind !== "session" || account === null || account.email === null) return null;
  const isOn = account.secondFactorMs !== null;
  return {
    isOn,
    /** It is demanded and not there: nothing else can be done before. */
    isMissing: await lacksSecondFactor(tx, signed),
    recoveryCodesLeft: isOn ? await recoveryCodesLeft(tx, account.accountId) : 0,
  };
}
