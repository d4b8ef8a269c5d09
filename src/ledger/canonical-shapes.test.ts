// In a file of its own: how members are ordered is remembered for the first few thousand names only, and the tests of
// canonical.test.ts would use them up.
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical.ts";

describe("members of many shapes", () => {
  it("are written in order for each, even where names joined would be the same", () => {
    for (const [value, text] of [
      [{ c: 1, b: 2, a: 3 }, '{"a":3,"b":2,"c":1}'],
      [{ c: 1, "b\u0000a": 2 }, '{"b\\u0000a":2,"c":1}'],
      [{ "c\u0000b": 1, a: 2 }, '{"a":2,"c\\u0000b":1}'],
      [{ cb: 1, a: 2 }, '{"a":2,"cb":1}'],
      [{ c: 1, ba: 2 }, '{"ba":2,"c":1}'],
    ] as const) {
      for (let again = 0; again < 2; again += 1) expect(canonicalJson(value)).toBe(text);
    }
  });

  it("are as many as one likes, of any length", () => {
    for (let n = 0; n < 5_000; n += 1) {
      const name = `${n}`.padStart(n === 7 ? 2_000 : 80, "x");
      expect(canonicalJson({ y: 1, [name]: 2 })).toBe(`{"${name}":2,"y":1}`);
    }
  });
});
