import { describe, expect, it } from "vitest";

import { findConnection } from "../../src/store/index.ts";
import { withBursar } from "../support/bursar.ts";

const WORLD = { seed: 7, people: 4, days: 3, end: "2026-10-31", scale: 1 };

describe("connections", () => {
  it("lets one connection read a stream and another stand by", async () => {
    await withBursar({ world: WORLD }, async (bursar) => {
      await bursar.sync({ connection: "first" });
      const digest = await bursar.digest();
      const second = await bursar.sync({ connection: "second", key: bursar.emulator.keys.replacement });
      expect(second.streams.map(({ stream }) => stream)).toEqual(["organization"]);
      expect(second.warnings).toContain("claude_code is read by connection first; this one stands by");
      expect(await bursar.digest()).toBe(digest);
    });
  });

  it("lets the one that stands by take over when the other's key is refused", async () => {
    await withBursar({ world: WORLD }, async (bursar) => {
      await bursar.sync({ connection: "first" });
      bursar.emulator.revoke(bursar.emulator.keys.admin);
      expect((await bursar.sync({ connection: "first" })).outcome).toBe("credential");
      const second = await bursar.sync({ connection: "second", key: bursar.emulator.keys.replacement });
      expect(second.streams.length).toBeGreaterThan(5);
      expect(second.outcome).toBe("complete");
    });
  });

  it("reads with an Analytics key what that key gives, and says what it does not", async () => {
    await withBursar({ world: WORLD }, async (bursar) => {
      const report = await bursar.sync({ key: bursar.emulator.keys.analytics });
      expect(report.outcome).toBe("complete");
      const states = Object.fromEntries(report.streams.map(({ stream, state }) => [stream, state]));
      expect(states).toMatchObject({
        organization: "ok",
        analytics_usage: "ok",
        analytics_cost: "ok",
        users: "refused",
      });
    });
  });

  it("writes nothing with a key of another organization", async () => {
    await withBursar({ world: WORLD }, async (bursar) => {
      await bursar.sync();
      const digest = await bursar.digest();
      const wrong = bursar.sync({ key: bursar.emulator.keys.otherOrganization });
      await expect(wrong).rejects.toThrow("belongs to organization");
      expect(await bursar.digest()).toBe(digest);
      expect((await bursar.store.read((tx) => findConnection(tx, bursar.scope, "main")))?.state).toBe("active");
    });
  });

  it("holds the back-fill that was asked for once, also in later syncs", async () => {
    await withBursar({ world: WORLD }, async (bursar) => {
      await bursar.sync();
      await bursar.sync({ from: "all", streams: ["organization", "usage_total"] });
      const row = await bursar.store.read((tx) => findConnection(tx, bursar.scope, "main"));
      expect(row?.backfillFrom).toBeNull();
      const again = await bursar.sync({ streams: ["organization", "usage_total"] });
      expect(again.streams.find(({ stream }) => stream === "usage_total")!.windows).toBe(1);
    });
  });
});
