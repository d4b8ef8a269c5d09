import { describe, expect, it } from "vitest";

import { isFailure } from "../../src/domain/index.ts";
import { catalog, runOperation } from "../../src/operations/index.ts";
import { acquireLease } from "../../src/store/index.ts";
import { auditEvents, withSessions } from "../support/sessions.ts";

describe("doctor --rebuild", () => {
  it("waits its turn: no row is touched while somebody else writes", () =>
    withSessions(async ({ open }) => {
      const context = await open();
      const { store, scope, clock } = context;
      const lease = { holder: "a sync elsewhere", nowMs: clock.now(), ttlMs: 60_000 };
      await store.write((tx) => acquireLease(tx, scope, lease));
      const rebuilding = runOperation(context, await catalog.doctor(), { rebuild: true });
      await expect(rebuilding).rejects.toSatisfy((thrown) => isFailure(thrown, "sync.lease_held"));
      expect(await auditEvents(context)).toEqual([]);
    }));
});
