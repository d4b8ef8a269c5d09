import { expect, it } from "vitest";

import { parseDay } from "../../domain/index.ts";
import { memberName, spokenPeriod, spokenUsd, spokenWeekday } from "./wording.ts";

it.each([
  ["model_family", "opus", "Opus"],
  ["team", "Platform", "Platform"],
  ["team", null, "Use without a team"],
  ["api_key", null, "Use without an API key"],
])("calls %s %j in a sentence %j", (dimension, key, name) => {
  expect(memberName(dimension, key)).toBe(name);
});

it.each([
  ["1970-01-01", "Thursday"],
  ["1970-01-04", "Sunday"],
  ["2026-11-21", "Saturday"],
])("calls %s a %s", (day, weekday) => {
  expect(spokenWeekday(parseDay(day))).toBe(weekday);
});

it.each([
  ["day", "on 2 Nov 2026"],
  ["week", "in the week of 2 Nov 2026"],
  ["month", "in Nov 2026"],
] as const)("says when a %s was: %s", (period, words) => {
  expect(spokenPeriod(period, parseDay("2026-11-02"))).toBe(words);
});

it("groups the digits of money", () => {
  expect(spokenUsd(1_378_220_000_000_000n)).toBe("$1,378.22");
});
