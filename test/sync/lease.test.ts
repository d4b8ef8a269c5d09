import { describe, expect, it } from "vitest";

import { acquireLease } from "../../src/store/index.ts";
import { takeLease, LEASE_MS } from "../../src/sync/lease.ts";
import { withBursar } from "../support/bursar.ts";

const WORLD = { seed: 7, people: 3, days: 2, end: "2026-10-31", scale: 1 };
const alive = () => false;

describe("the lease", () => {
  it("lets one process sync and tells the other who does (F71)", async () => {
    await withBursar({ world: WORLD }, async ({ store, scope, clock }) => {
      await takeLease(store, scope, "host:1", clock, alive);
      await expect(takeLease(store, scope, "host:2", clock, alive)).rejects.toThrow(
        "Another process syncs this tenant (host:1)",
      );
    });
  });

  it("is free again when it ran out, or at once when its holder is known to be dead", async () => {
    await withBursar({ world: WORLD }, async ({ store, scope, clock }) => {
      const first = await takeLease(store, scope, "host:1", clock, alive);
      const second = await takeLease(store, scope, "host:2", clock, (holder) => holder === "host:1");
      expect(second.token).toBeGreaterThan(first.token);
      clock.set(clock.now() + LEASE_MS);
      const third = await takeLease(store, scope, "host:3", clock, alive);
      expect(third.token).toBeGreaterThan(second.token);
    });
  });

  it("stops the commits of a process that lost it", async () => {
    await withBursar({ world: WORLD }, async (bursar) => {
      const { store, scope } = bursar;
      let stolen = false;
      const run = bursar.sync({
        onProgress: ({ windowsDone }) => {
          if (windowsDone < 3 || stolen) return;
          stolen = true;
          const nowMs = bursar.clock.now() + 2 * LEASE_MS;
          void store.write((tx) => acquireLease(tx, scope, { holder: "thief", nowMs, ttlMs: LEASE_MS }));
        },
      });
      await expect(run).rejects.toThrow("lost its lease");
    });
  });

  it("lets two syncs at once end without a double record", async () => {
    await withBursar({ world: WORLD }, async (bursar) => {
      await bursar.connect();
      const both = await Promise.allSettled([bursar.sync(), bursar.sync()]);
      expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
      const digest = await bursar.digest();
      await bursar.sync();
      expect(await bursar.digest()).toBe(digest);
      expect(await bursar.ledgerFailures()).toEqual([]);
    });
  });
});
