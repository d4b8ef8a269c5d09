import { Hono } from "hono";

import { Failure } from "../domain/index.ts";
import { capabilitiesOf } from "../operations/index.ts";
import { enter } from "./authenticate.ts";
import type { ApiEnv } from "./env.ts";
import type { ApiParts } from "./parts.ts";

/** `/api/v1/me/capabilities`: which parts of the dashboard have a source behind them. */
export function capabilityRoutes(parts: ApiParts): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.get("/me/capabilities", async (c) => {
    const { context } = await enter(parts, c);
    if (!context.caller.permissions.has("read")) throw new Failure("access.forbidden", { permission: "read" });
    return c.json({ anthropic: await capabilitiesOf(context) });
  });
  app.all("/me/capabilities", (c) => {
    c.header("allow", "GET, HEAD");
    throw new Failure("api.method", { method: c.req.method, allowed: "GET, HEAD" });
  });
  return app;
}
