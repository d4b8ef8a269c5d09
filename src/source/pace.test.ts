import { describe, expect, it } from "vitest";

import { virtualClock } from "../../test/support/clock.ts";
import { createPace, type Pace } from "./pace.ts";

/** Lets everything go on that can go on without an answer. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function enterMany(pace: Pace, count: number): Promise<void> {
  for (let i = 0; i < count; i++) void pace.enter("admin");
  await settle();
}

describe("the pace", () => {
  it("lets eight in at a time, and the next when one comes back", async () => {
    const pace = createPace(virtualClock(0));
    await enterMany(pace, 10);
    expect(pace.load()).toEqual({ inFlight: 8, waiting: 2, pausedUntil: null });
    pace.leave("admin");
    await settle();
    expect(pace.load()).toEqual({ inFlight: 8, waiting: 1, pausedUntil: null });
  });

  it("holds everybody back until a 429's wait is over", async () => {
    const clock = virtualClock(1_000);
    const pace = createPace(clock);
    pace.pause(7_000);
    expect(pace.load().pausedUntil).toBe(8_000);
    await Promise.all([pace.enter("admin"), pace.enter("analytics")]);
    expect(clock.now()).toBeGreaterThanOrEqual(8_000);
  });

  it("goes a hundred a minute after the first 429 of a server without headers", async () => {
    const clock = virtualClock(0);
    const pace = createPace(clock);
    pace.pause(0);
    for (let i = 0; i < 101; i++) {
      await pace.enter("admin");
      pace.leave("admin");
    }
    expect(clock.now()).toBe(60_000);
  });

  it("does not make a long quiet run pay when the first 429 comes", async () => {
    const clock = virtualClock(0);
    const pace = createPace(clock);
    for (let i = 0; i < 1_000; i++) {
      await pace.enter("admin");
      pace.leave("admin");
    }
    pace.pause(500);
    await pace.enter("admin");
    expect(clock.now()).toBeLessThanOrEqual(1_100);
  });

  it("waits for the reset when the server's headers say that nothing is left, for that surface alone", async () => {
    const clock = virtualClock(0);
    const pace = createPace(clock);
    await pace.enter("admin");
    pace.leave("admin", { remaining: 0, resetMs: 30_000 });
    await pace.enter("analytics");
    pace.leave("analytics", { remaining: 50, resetMs: 30_000 });
    expect(clock.now()).toBe(0);
    await pace.enter("admin");
    expect(clock.now()).toBe(30_000);
  });

  it("never waits more than a minute for a reset, however far it lies", async () => {
    const clock = virtualClock(0);
    const pace = createPace(clock);
    await pace.enter("admin");
    pace.leave("admin", { remaining: 0, resetMs: 1e15 });
    await pace.enter("admin");
    expect(clock.now()).toBe(60_000);
  });

  it("lets in no more than the server has left, and counts again with each answer", async () => {
    const pace = createPace(virtualClock(0));
    await pace.enter("admin");
    pace.leave("admin", { remaining: 2, resetMs: 60_000 });
    await enterMany(pace, 5);
    expect(pace.load()).toMatchObject({ inFlight: 2, waiting: 3 });
    pace.leave("admin", { remaining: 4, resetMs: 60_000 });
    await settle();
    expect(pace.load()).toMatchObject({ inFlight: 4, waiting: 0 });
  });

  it("gives up its place in the queue when told to", async () => {
    const pace = createPace(virtualClock(0));
    const reason = new Error("stop");
    await expect(pace.enter("admin", AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(pace.load()).toEqual({ inFlight: 0, waiting: 0, pausedUntil: null });
  });
});
