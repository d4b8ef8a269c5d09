import { describe, expect, it } from "vitest";

import { scrub } from "../domain/index.ts";
import { duration, grouped, wrapped } from "./text.ts";

describe("numbers", () => {
  it.each([
    [0, "0"],
    [1234567, "1,234,567"],
    ["9007199254740993", "9,007,199,254,740,993"],
    ["-1234.5000", "-1,234.5000"],
  ])("groups %s", (value, wanted) => {
    expect(grouped(value)).toBe(wanted);
  });

  it.each([
    [400, "0 s"],
    [61_000, "1 min 1 s"],
    [3_600_000, "1 h"],
    [90 * 3_600_000, "3 d"],
  ])("says %s ms as %s", (ms, wanted) => {
    expect(duration(ms)).toBe(wanted);
  });
});

it("wraps words, and leaves a longer word alone", () => {
  expect(wrapped("one two threefour five", 7)).toEqual(["one two", "threefour", "five"]);
});

it.each(["sk-ant-admin01-TESTabcdef", "x sk-ant-api03-abc_DEF-123 y", "sk-ant-oat01-abcdefgh"])("scrubs %s", (text) => {
  expect(scrub(text)).not.toMatch(/TEST|abc/);
});

it("scrubs an API token of our own", () => {
  const token = `bursar_0123456789ab_${"c0ffee00".repeat(8)}_deadbeef`;
  expect(scrub(`the token ${token} is wrong`)).toBe("the token bursar_[removed] is wrong");
});
