import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { SpareTime } from "./spare-time.ts";

describe("spare time", () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ["performance"] }));
  afterEach(() => vi.useRealTimers());

  it("is given to one piece of work at a time", async () => {
    const spare = new SpareTime();
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = spare.offer(() => promise);
    const second = vi.fn(() => Promise.resolve());
    await spare.offer(second);
    expect(second).not.toHaveBeenCalled();
    resolve();
    await first;
    await spare.offer(second);
    expect(second).toHaveBeenCalledOnce();
  });

  it.each([
    { took: 10, rests: 400 },
    { took: 3_000, rests: 5_000 },
  ])("rests for $rests ms after work of $took ms, also when it failed", async ({ took, rests }) => {
    const spare = new SpareTime();
    await spare.offer(() => {
      vi.advanceTimersByTime(took);
      return Promise.reject(new Error("no answer"));
    });
    const next = vi.fn(() => Promise.resolve());
    vi.advanceTimersByTime(rests - 1);
    await spare.offer(next);
    expect(next).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    await spare.offer(next);
    expect(next).toHaveBeenCalledOnce();
  });
});
