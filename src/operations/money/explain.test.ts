import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { picoUsdFromDollars } from "../../domain/index.ts";
import { amountOf, sumOf } from "./amount.ts";
import { ranked } from "./explain.ts";
import type { Pair } from "./explain.ts";

const usd = (amount: string) => picoUsdFromDollars(amount).picoUsd;
const members = new Map<string | null, Pair>([
  ["opus", { now: usd("30"), was: usd("10") }],
  ["sonnet", { now: usd("5"), was: usd("12") }],
  ["haiku", { now: null, was: usd("1") }],
  [null, { now: usd("2"), was: null }],
]);
const total = { now: usd("37"), was: usd("23") };

describe("what a change is made of", () => {
  it("ranks by size, whichever way, and adds up", () => {
    const found = ranked("model_family", members, total, "usd", 10);
    expect(found.difference).toBe("14.00");
    expect(found.contributions.map(({ key, difference, isNew, isGone }) => [key, difference, isNew, isGone])).toEqual([
      ["opus", "20.00", false, false],
      ["sonnet", "-7.00", false, false],
      [null, "2.00", true, false],
      ["haiku", "-1.00", false, true],
    ]);
    expect(found.contributions[0]!.share).toBeCloseTo(20 / 14, 12);
    expect(found.remainder).toBeNull();
  });

  it("puts what is not listed into one remainder", () => {
    const found = ranked("model_family", members, total, "usd", 1);
    expect(found.remainder).toMatchObject({ members: 3, previous: "13.00", current: "7.00", difference: "-6.00" });
  });

  it("shows a total that the parts do not reach as a remainder of no member", () => {
    const found = ranked("model_family", members, { now: usd("40"), was: usd("23") }, "usd", 10);
    expect(found.remainder).toMatchObject({ members: 0, previous: "0.00", current: "3.00", difference: "3.00" });
  });

  it("adds up to the difference, whatever the parts and however many are listed", () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 20n });
    const parts = fc.array(fc.tuple(amount, amount), { maxLength: 12 });
    fc.assert(
      fc.property(parts, fc.integer({ min: 1, max: 12 }), amount, (pairs, most, extra) => {
        const own = new Map(pairs.map(([now, was], at) => [`m${at}`, { now, was }]));
        const now = sumOf(pairs.map(([one]) => one)) + extra;
        const was = sumOf(pairs.map(([, other]) => other));
        const found = ranked("team", own, { now, was }, "usd", most);
        const listed = [...found.contributions, ...(found.remainder ? [found.remainder] : [])];
        expect(sumOf(listed.map(({ difference }) => amountOf(difference, "usd")!))).toBe(now - was);
      }),
    );
  });
});
