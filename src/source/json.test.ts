import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { canonicalJson } from "../ledger/index.ts";
import { parseJsonText } from "./json-parser.ts";
import { DEEPEST, JsonUnreadable } from "./json-value.ts";
import { readJson, readPlainly } from "./json.ts";

const read = (text: string) => readJson(Buffer.from(text));

function refusal(bytes: Buffer): string {
  try {
    readJson(bytes);
  } catch (thrown) {
    if (thrown instanceof JsonUnreadable) return thrown.kind;
    throw thrown;
  }
  return "accepted";
}

describe("readJson", () => {
  it.each([
    ["0", 0],
    ["-7", -7],
    ["9007199254740991", 9007199254740991],
    ["9007199254740992", { $n: "9007199254740992" }],
    ["9007199254740993", { $n: "9007199254740993" }],
    ["123456789012345678901234567890", { $n: "123456789012345678901234567890" }],
    ["1.10", { $n: "1.10" }],
    ["1.5", { $n: "1.5" }],
    ["1.0", { $n: "1.0" }],
    ["1e3", { $n: "1e3" }],
    ["1E+3", { $n: "1E+3" }],
    ["1e+21", { $n: "1e+21" }],
    ["-0", { $n: "-0" }],
    ["-0.0", { $n: "-0.0" }],
    ["1e999", { $n: "1e999" }],
    ["0.1", { $n: "0.1" }],
  ])("keeps the number %s digit for digit (F34, F35)", (literal, kept) => {
    expect(read(literal)).toEqual(kept);
    expect(read(`{"a":[${literal}]}`)).toEqual({ a: [kept] });
    expect(read(` { "a" : [ ${literal} ] } `)).toEqual({ a: [kept] });
  });

  it.each([
    ['{"$n":"5"}', '{"$$n":"5"}'],
    ['{ "$n" : "5" }', '{"$$n":"5"}'],
    ['{"$$n":"5"}', '{"$$$n":"5"}'],
    ['{"$n":1.5}', '{"$$n":{"$n":"1.5"}}'],
    ['{"$n":"5","x":1}', '{"$n":"5","x":1}'],
    ['{"n":"5"}', '{"n":"5"}'],
  ])("tells the upstream object %s from a kept number", (text, canonical) => {
    expect(canonicalJson(read(text))).toBe(canonical);
  });

  it("accepts a byte order mark and reads the same value (F32)", () => {
    expect(readJson(Buffer.from('\uFEFF{"a":1}'))).toEqual({ a: 1 });
  });

  it.each([
    ["a duplicate member", '{"a":1,"a":1}'],
    ["a duplicate behind an escape", '{"a":1,"\\u0061":2}'],
    ["a duplicate __proto__", '{"__proto__":1,"__proto__":2}'],
    ["a duplicate deep inside", '{"data":[{"x":{"b":1,"c":2,"b":3}}]}'],
    ["a lone high surrogate", '"\\ud800"'],
    ["a lone low surrogate", '{"a":"x\\uDC00"}'],
    ["a lone surrogate as a name", '{"\\ud83d":1}'],
  ])("refuses %s (F33)", (_, text) => {
    expect(refusal(Buffer.from(text))).toBe("refused");
  });

  it.each([
    ["an overlong sequence", [0x22, 0xc0, 0x80, 0x22]],
    ["a stray continuation", [0x22, 0x80, 0x22]],
    ["an encoded surrogate", [0x22, 0xed, 0xa0, 0x80, 0x22]],
  ])("refuses %s instead of repairing it (F31)", (_, bytes) => {
    expect(refusal(Buffer.from(bytes))).toBe("refused");
  });

  it.each([
    "",
    " ",
    "{",
    '{"a":1',
    '{"a":[1,2',
    '"abc',
    "tru",
    "nul",
    "-",
    "1.",
    "01",
    "{'a':1}",
    "[1,]",
    '{"a":1,}',
    '{"a" 1}',
    "[1 2]",
    '"a\nb"',
    '"\\x"',
    '"\\u12"',
    "{}x",
    "NaN",
    "Infinity",
    "+1",
    ".5",
    "\u00a01",
  ])("calls %j damaged, so that it is asked again (F30)", (text) => {
    expect(refusal(Buffer.from(text))).toBe("broken");
  });

  it("keeps __proto__ and constructor as plain members (F42)", () => {
    for (const text of [
      '{"__proto__":{"polluted":1},"constructor":2}',
      '{ "__proto__":{"polluted":1},"constructor":2}',
    ]) {
      const value = read(text);
      expect(canonicalJson(value)).toBe('{"__proto__":{"polluted":1},"constructor":2}');
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    }
    expect(canonicalJson(read('{"__proto__":1.5}'))).toBe('{"__proto__":{"$n":"1.5"}}');
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("accepts nesting up to its depth, and no further, at any length", () => {
    const nested = (levels: number, space = "") => "[".repeat(levels) + space + "]".repeat(levels);
    for (const space of ["", " "]) {
      expect(refusal(Buffer.from(nested(DEEPEST, space)))).toBe("accepted");
      expect(refusal(Buffer.from(nested(DEEPEST + 1, space)))).toBe("refused");
      expect(refusal(Buffer.from(nested(1_000_000, space)))).toBe("refused");
    }
  });

  it("gives the deepest accepted number a canonical form inside a conflict's payload", () => {
    const record = read(`${"[".repeat(DEEPEST)}1.5${"]".repeat(DEEPEST)}`);
    expect(() => canonicalJson({ data: [record, record] })).not.toThrow();
  });

  it("reads escaped texts as their characters", () => {
    expect(read('"\\u00e9\\ud83d\\ude00\\/\\n\\\\ud800"')).toBe("é😀/\n\\ud800");
  });
});

describe("the fast and the careful way", () => {
  const anyJson = fc.jsonValue({ maxDepth: 5, noUnicodeString: false });

  it("agree on whatever the fast way accepts", () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const text = JSON.stringify(value);
        const fast = readPlainly(text);
        if (fast !== undefined) expect(canonicalJson(fast)).toBe(canonicalJson(parseJsonText(text, DEEPEST)));
      }),
    );
  });

  it("agree on texts with other spellings, and on what is refused", () => {
    const spelt = fc
      .tuple(anyJson, fc.constantFrom(0, 1, "\t"))
      .map(([value, space]) => JSON.stringify(value, null, space));
    const cut = fc.tuple(spelt, fc.nat()).map(([text, at]) => text.slice(0, at % (text.length + 1)));
    const outcome = (parse: () => unknown): string => {
      try {
        return canonicalJson(parse());
      } catch (thrown) {
        if (thrown instanceof JsonUnreadable) return thrown.kind;
        throw thrown;
      }
    };
    fc.assert(
      fc.property(fc.oneof(spelt, cut), (text) => {
        expect(outcome(() => read(text))).toBe(outcome(() => parseJsonText(text, DEEPEST)));
      }),
    );
  });

  it("read the very value that JSON.parse reads, kept numbers spelt out", () => {
    const spellOut = (value: unknown): unknown => {
      if (typeof value === "number")
        return Number.isSafeInteger(value) && !Object.is(value, -0) ? value : { $n: JSON.stringify(value) };
      if (Array.isArray(value)) return value.map(spellOut);
      if (typeof value !== "object" || value === null) return value;
      const entries = Object.entries(value).map(([name, item]) => [name, spellOut(item)] as const);
      const [first] = entries;
      return entries.length === 1 && first && /^\$+n$/.test(first[0])
        ? { [`$${first[0]}`]: first[1] }
        : Object.fromEntries(entries);
    };
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        expect(canonicalJson(parseJsonText(text, DEEPEST))).toBe(canonicalJson(spellOut(JSON.parse(text))));
      }),
    );
  });
});
