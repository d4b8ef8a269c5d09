import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { dayText, parseDay } from "../../domain/index.ts";
import { rangeBefore } from "./asking.ts";

const ranges = fc
  .tuple(fc.integer({ min: 19_000, max: 21_000 }), fc.integer({ min: 1, max: 400 }))
  .map(([first, days]) => ({ from: dayText(first), to: dayText(first + days - 1) }));

describe("the range before", () => {
  it.each([
    ["2026-11-01", "2026-11-30", "2026-10-02", "2026-10-31", "2026-09-27", "2026-10-26"],
    ["2026-11-02", "2026-11-08", "2026-10-26", "2026-11-01", "2026-10-26", "2026-11-01"],
    ["2026-11-04", "2026-11-05", "2026-11-02", "2026-11-03", "2026-10-28", "2026-10-29"],
  ])("of %s to %s", (from, to, first, last, firstAlike, lastAlike) => {
    expect(rangeBefore({ from, to })).toEqual({ from: first, to: last });
    expect(rangeBefore({ from, to }, "same_weekdays")).toEqual({ from: firstAlike, to: lastAlike });
  });

  it("is as long, does not touch the range, and has its weekdays where they are wanted", () => {
    fc.assert(
      fc.property(ranges, fc.constantFrom("previous" as const, "same_weekdays" as const), (range, how) => {
        const before = rangeBefore(range, how);
        const [from, to, first, last] = [range.from, range.to, before.from, before.to].map((day) => parseDay(day));
        expect(last! - first!).toBe(to! - from!);
        expect(last!).toBeLessThan(from!);
        if (how === "same_weekdays") expect((from! - first!) % 7).toBe(0);
      }),
    );
  });
});
