import { Hono } from "hono";

import type { ApiEnv } from "./env.ts";
import type { ApiParts } from "./parts.ts";

/**
 * `/healthz`: the process answers, what it knows to be wrong with ledgers, and what an operator has to decide about
 * them: 200 all the same, as starting it again would change nothing. `/readyz`: the record can be read and written, and
 * syncing goes on.
 */
export function healthRoutes({ version, readiness, ledgerWarnings, ledgerTroubles }: ApiParts): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.get("/healthz", (c) => {
    const ledger = ledgerTroubles?.() ?? [];
    const status = ledger.length === 0 ? "ok" : "decision_needed";
    return c.json({ status, version, warnings: ledgerWarnings?.() ?? [], ledger });
  });
  app.get("/readyz", async (c) => {
    const { problems, syncs } = await readiness();
    const isReady = problems.length === 0;
    return c.json({ status: isReady ? "ready" : "not_ready", problems, syncs }, isReady ? 200 : 503);
  });
  return app;
}
