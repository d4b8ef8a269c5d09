import { expect, it, vi } from "vitest";

import { keepAnchoring } from "../../src/app/keep-anchoring.ts";
import { catalog, runOperation } from "../../src/operations/index.ts";
import { withSessions } from "../support/sessions.ts";

it("a start of the server signs what a crash left committed and not signed", () =>
  withSessions(async ({ open }) => {
    const context = await open();
    // Leaves a trace in the ledger, and signs nothing.
    await runOperation(context, await catalog.addTenant(), { name: "other" });
    const summary = async () => (await runOperation(context, await catalog.ledgerSummary(), {})).ledger;
    expect(await summary()).toMatchObject({ checkpoint: null });

    const ending = new AbortController();
    const host = { store: context.store, contextOf: () => context };
    const health = { warnings: [], troubles: [] };
    const running = keepAnchoring(host, health, { signal: ending.signal, note: () => {} });
    await vi.waitFor(async () => expect(await summary()).toMatchObject({ size: 2, checkpoint: { size: 2 } }), 20_000);
    ending.abort();
    await running;
  }));
