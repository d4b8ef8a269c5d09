import { expect, it } from "vitest";

import { noteServerTime, now, serverNow } from "./clock.ts";

it("tells the server's time however wrong the browser's clock is, and never too early", () => {
  const ahead = 3_600_000;
  noteServerTime(new Date(now() + ahead).toUTCString());
  const difference = serverNow() - now();
  expect(difference).toBeGreaterThanOrEqual(ahead);
  expect(difference).toBeLessThanOrEqual(ahead + 1_000);
});

it("keeps what it knows when an answer tells no time", () => {
  noteServerTime(new Date(now() - 60_000).toUTCString());
  const before = serverNow() - now();
  noteServerTime(null);
  noteServerTime("yesterday");
  expect(Math.abs(serverNow() - now() - before)).toBeLessThan(5);
});
