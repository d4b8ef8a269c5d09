import { Hono } from "hono";

import { Failure } from "../domain/index.ts";
import { enter } from "./authenticate.ts";
import type { ApiEnv } from "./env.ts";
import type { ApiParts } from "./parts.ts";

/** `/api/v1/server`: how this server was configured, for whoever sets Bursar up. No secret, nothing to change. */
export function serverFactsRoute(parts: ApiParts): Hono<ApiEnv> {
  const { settings, version } = parts;
  const { listenHost, publicUrl, trustedProxies, metrics, limits, sso } = settings;
  const app = new Hono<ApiEnv>();
  app.get("/server", async (c) => {
    const { caller } = await enter(parts, c);
    if (!caller.permissions.has("settings")) throw new Failure("access.forbidden", { permission: "settings" });
    return c.json({
      version,
      node: process.version,
      listenHost,
      publicUrl: publicUrl?.origin ?? null,
      isTls: publicUrl?.protocol === "https:",
      trustedProxies,
      metrics,
      requestsPerMinute: limits.requestsPerMinute,
      sso: sso && {
        label: sso.label,
        issuer: sso.issuer,
        clientId: sso.clientId,
        roleClaim: sso.roleClaim,
        roles: sso.roleMap,
      },
    });
  });
  app.all("/server", (c) => {
    c.header("allow", "GET, HEAD");
    throw new Failure("api.method", { method: c.req.method, allowed: "GET, HEAD" });
  });
  return app;
}
