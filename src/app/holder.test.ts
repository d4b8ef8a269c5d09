import { expect, it } from "vitest";

import { holderIsGone, holderName } from "./holder.ts";

const isGone = holderIsGone("here");
const START = /start ([0-9a-f]{8})$/;

it("this very process is not gone", () => {
  expect(isGone(holderName("sync", "here"))).toBe(false);
});

it("an earlier start under the same process id is gone", () => {
  expect(isGone(holderName("sync", "here").replace(START, "start 00000000"))).toBe(true);
});

it("a process that is not there is gone", () => {
  // Above the largest id that any system gives out.
  expect(isGone("daemon on here, process 2000000000, start 01234567")).toBe(true);
});

it("a process that is there is not gone", () => {
  expect(isGone(`sync on here, process ${process.ppid}, start 01234567`)).toBe(false);
});

it.each(["sync on there, process 2000000000, start 01234567", "somebody", ""])("nothing is known of %j", (holder) => {
  expect(isGone(holder)).toBe(false);
});
