import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { bitsOf } from "../store/index.ts";
import { addDay, applyIdentity, codesOfBits, countOf, emptyBits, maskOf, rollingCounts, unionOf } from "./bits.ts";

const CODES = 100;
const codes = fc.uniqueArray(fc.integer({ min: 0, max: CODES - 1 }));
const history = fc.array(codes, { minLength: 1, maxLength: 40 });

function setOf(days: readonly (readonly number[])[]) {
  const set = emptyBits(500, days.length, Math.ceil(CODES / 32));
  days.forEach((day, at) => addDay(set, 500 + at, bitsOf(day)));
  return set;
}

describe("sets of active actors", () => {
  it("count the same as sets of numbers, in any window", () => {
    fc.assert(
      fc.property(history, fc.constantFrom(1, 2, 7, 8, 30), codes, (days, window, masked) => {
        const expected = (keep: (code: number) => boolean) =>
          days.map(
            (_, at) =>
              new Set(
                days
                  .slice(Math.max(0, at - window + 1), at + 1)
                  .flat()
                  .filter(keep),
              ).size,
          );
        const set = setOf(days);
        expect(rollingCounts(set, window)).toEqual(expected(() => true));
        const mask = maskOf(masked, set.words);
        expect(rollingCounts(set, window, mask)).toEqual(expected((code) => masked.includes(code)));
      }),
    );
  });

  it("are read from wherever a driver put them, and united with what a day has", () => {
    fc.assert(
      fc.property(codes, codes, fc.integer({ min: 0, max: 7 }), (first, second, at) => {
        const set = emptyBits(500, 2, Math.ceil(CODES / 32));
        for (const stored of [first, second].map((one) => bitsOf(one))) {
          const page = new Uint8Array(at + stored.length);
          page.set(stored, at);
          addDay(set, 501, page.subarray(at));
        }
        const union = [...new Set([...first, ...second])].sort((a, b) => a - b);
        expect(codesOfBits(unionOf(set, 501, 502))).toEqual(union);
        expect(countOf(unionOf(set, 500, 501))).toBe(0);
      }),
    );
  });

  it("give back the codes they were made of", () => {
    fc.assert(
      fc.property(history, (days) => {
        const set = setOf(days);
        const all = [...new Set(days.flat())].sort((a, b) => a - b);
        const union = unionOf(set, 500, 500 + days.length);
        expect(codesOfBits(union)).toEqual(all);
        expect(countOf(union)).toBe(all.length);
      }),
    );
  });

  it("count an actor that was folded into a person once", () => {
    const set = setOf([[3, 40], [40], [5]]);
    applyIdentity(set, null, [[40, 3]]);
    expect(rollingCounts(set, 1)).toEqual([1, 1, 1]);
    expect(rollingCounts(set, 3)).toEqual([1, 1, 2]);
  });

  it("leave out who is not of the population", () => {
    const set = setOf([[3, 40, 64]]);
    applyIdentity(set, maskOf([3, 64], set.words), []);
    expect(codesOfBits(unionOf(set, 500, 501))).toEqual([3, 64]);
  });
});
