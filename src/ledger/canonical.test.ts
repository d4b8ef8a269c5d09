import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, CanonicalError, parseCanonical } from "./index.ts";

/** JSON values that the narrowed form allows, with awkward keys among them. */
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.maxSafeInteger().map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: fc.constantFrom("\u2028", '"', "\\", "\u0001", "\n", "😀", "דּ", "/", "a") }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value")),
    fc.dictionary(
      fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("__proto__", "10", "9", "toString", "\ufb33", "😀")),
      tie("value"),
    ),
  ),
})).value;

describe("canonicalJson", () => {
  it("agrees with an independent implementation of RFC 8785", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
      { numRuns: 2000 },
    );
  });

  it("gives one text whatever order the members came in", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it("gives a text that parseCanonical reads back to the same value", () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(parseCanonical(text))).toBe(text);
      }),
    );
  });

  it.each<[unknown, string]>([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ 10: 1, 9: 2 }, '{"10":1,"9":2}'],
    [{ "\ufb33": 1, "😀": 2 }, '{"😀":2,"\ufb33":1}'],
    [JSON.parse('{"z":1,"__proto__":{"b":1,"a":2}}'), '{"__proto__":{"a":2,"b":1},"z":1}'],
    [Object.assign(Object.create(null), { a: [] }) as unknown, '{"a":[]}'],
    ['\u0001\b\t\n\f\r"\\/\u2028\u007f', '"\\u0001\\b\\t\\n\\f\\r\\"\\\\/\u2028\u007f"'],
    [[9007199254740991, -9007199254740991, 0], "[9007199254740991,-9007199254740991,0]"],
    [{}, "{}"],
    [[], "[]"],
    [null, "null"],
  ])("writes %j", (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each<[string, unknown]>([
    ["undefined", undefined],
    ["a member that is undefined", { a: undefined }],
    ["undefined in an array", [undefined]],
    ["a hole in an array", Array(1)],
    ["a function", { a: () => 1 }],
    ["a symbol", Symbol("a")],
    ["a bigint", 1n],
    ["a date", new Date(0)],
    ["a map", new Map()],
    ["bytes", Buffer.from("a")],
    ["an object with toJSON", { toJSON: () => 1 }],
    ["NaN", Number.NaN],
    ["infinity", Infinity],
    ["a fraction", 1.5],
    ["minus zero", -0],
    ["2^53", 2 ** 53],
    ["a lone surrogate", "\ud83d"],
    ["a lone surrogate in a key", { "\udc00": 1 }],
    ["65 levels", nested(65)],
  ])("refuses %s", (_, value) => {
    expect(() => canonicalJson(value)).toThrow(CanonicalError);
    expect(() => canonicalJson({ z: 1, a: value })).toThrow(CanonicalError);
  });

  it("takes 64 levels and no more, in whatever order members came", () => {
    for (const inner of [nested, nestedObjects]) {
      for (const around of [(value: unknown) => ({ a: 1, b: value }), (value: unknown) => ({ b: value, a: 1 })]) {
        expect(() => canonicalJson(around(inner(63)))).not.toThrow();
        expect(() => canonicalJson(around(inner(64)))).toThrow("more than 64 levels of nesting");
        expect(() => canonicalJson(around([1, inner(63)]))).toThrow("more than 64 levels");
        expect(() => canonicalJson([around(1), inner(64)])).toThrow("more than 64 levels");
      }
    }
    expect(canonicalJson(nested(64))).toBe("[".repeat(64) + "]".repeat(64));
  });
});

describe("what is refused", () => {
  it.each<[unknown, string]>([
    [undefined, "a value of type undefined"],
    [1n, "a value of type bigint"],
    [1.5, "a number that is not a safe integer"],
    [-0, "a number that is not a safe integer"],
    ["\ud83d", "a lone surrogate"],
    [new Date(0), "an object that is not plain"],
  ])("is named: %s", (value, message) => {
    for (const wrapped of [value, [value], { a: value }, { b: 1, a: value }, { b: 1, a: [1, value] }]) {
      expect(() => canonicalJson(wrapped)).toThrow(message);
    }
  });

  it("is a text that is no JSON, with the reason, or another spelling", () => {
    const thrown = (text: string): unknown => {
      try {
        return parseCanonical(text);
      } catch (error) {
        return error;
      }
    };
    expect(thrown("{")).toMatchObject({
      name: "CanonicalError",
      message: "not JSON",
      cause: expect.any(SyntaxError) as Error,
    });
    expect(thrown("1.0")).toMatchObject({ name: "CanonicalError", message: "not in canonical form" });
    expect(thrown("1")).toBe(1);
  });
});

describe("parseCanonical", () => {
  it.each([
    "",
    "nul",
    " 1",
    "1 ",
    "1\n",
    "\ufeff1",
    "1.0",
    "1e3",
    "-0",
    "01",
    "9007199254740993",
    '{"b":1,"a":1}',
    '{"a":1,"a":1}',
    '{"a": 1}',
    '"\\u0061"',
    '"\\/"',
    '"\\u000A"',
    '"\\ud83d"',
    "[1,]",
    '{"a":1}{}',
    "[".repeat(70) + "]".repeat(70),
    "[".repeat(200_000),
  ])("refuses %j", (text) => {
    expect(() => parseCanonical(text)).toThrow(CanonicalError);
  });
});

function nested(levels: number): unknown {
  let value: unknown[] = [];
  for (let level = 1; level < levels; level++) value = [value];
  return value;
}

function nestedObjects(levels: number): unknown {
  let value: object = {};
  for (let level = 1; level < levels; level++) value = { a: value };
  return value;
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, reversed(member)]),
  );
}
