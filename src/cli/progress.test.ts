import { expect, it } from "vitest";

import type { SyncProgress } from "../sync/index.ts";
import type { Io } from "./io.ts";
import { progressDisplay } from "./progress.ts";

function recording(canRedraw: boolean, columns = 100): { io: Io; said: () => string } {
  let text = "";
  const io = { env: {}, canRedraw, color: false, columns: () => columns, err: (more: string) => void (text += more) };
  return { io: io as unknown as Io, said: () => text };
}

const picture = (nowMs: number, done: number): SyncProgress => ({
  connection: "main",
  startedAtMs: 0,
  nowMs,
  streams: [
    { stream: "users", title: "Users", state: "done", windowsDone: 1, windowsTotal: 1, rows: 12 },
    {
      stream: "cost_report",
      title: "Cost",
      state: done === 8 ? "done" : "running",
      windowsDone: done,
      windowsTotal: 8,
      rows: 3000,
    },
  ],
  windowsDone: 1 + done,
  windowsTotal: 9,
  rows: 3012,
  requestsInFlight: 2,
  pausedUntilMs: null,
  msLeft: 90_000,
});

it("redraws in place on a terminal, and ends with the last picture", () => {
  const { io, said } = recording(true);
  const display = progressDisplay(io);
  display.show(picture(1_000, 4));
  display.show(picture(1_010, 5));
  display.show(picture(2_000, 8));
  display.end();
  // Three streams of pictures: the first, the third, and the end; the second came too soon after the first.
  expect(said().match(/cost_report/g)).toHaveLength(3);
  expect(said()).toContain("\u001b[3A");
  expect(said()).toContain("main: 5 of 9 windows, 3,012 rows, 3,012 rows/s, 1 min 30 s left");
});

it("says a line for each stream done, and one every few seconds, where it cannot redraw", () => {
  const { io, said } = recording(false);
  const display = progressDisplay(io);
  for (const [nowMs, done] of [
    [1_000, 1],
    [2_000, 2],
    [6_500, 3],
    [7_000, 8],
  ] as const)
    display.show(picture(nowMs, done));
  display.end();
  expect(said().trimEnd().split("\n")).toEqual([
    "bursar: main: users done, 1 window, 12 rows",
    "bursar: main: 4 of 9 windows, 3,012 rows, 463 rows/s, 1 min 30 s left",
    "bursar: main: cost_report done, 8 windows, 3,000 rows",
  ]);
  expect(said()).not.toContain("\u001b");
});

it("fits a screen of twenty columns", () => {
  const { io, said } = recording(true, 20);
  const display = progressDisplay(io);
  display.show(picture(1_000, 4));
  const widest = Math.max(
    ...said()
      .replaceAll("\u001b[J", "")
      .split("\n")
      .map((line) => line.length),
  );
  expect(widest).toBeLessThanOrEqual(20);
});
