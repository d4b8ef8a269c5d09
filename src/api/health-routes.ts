import { Hono } from "hono";

import type { ApiEnv } from "./env.ts";
import type { ApiParts } from "./parts.ts";

/** `/healthz`: the process answers, and what it knows to be wrong with ledgers. `/readyz`: the record can be read and written, and syncing goes on. */
export function healthRoutes({ version, readiness, ledgerWarnings }: ApiParts): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.get("/healthz", (c) => c.json({ status: "ok", version, warnings: ledgerWarnings?.() ?? [] }));
  app.get("/readyz", async (c) => {
    const { problems, syncs } = await readiness();
    const isReady = problems.length === 0;
    return c.json({ status: isReady ? "ready" : "not_ready", problems, syncs }, isReady ? 200 : 503);
  });
  return app;
}
