import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  canonicalJson,
  commitment,
  LEAF_KINDS,
  leafBytes,
  leafText,
  LedgerError,
  parseLeaf,
  sealPayloads,
  type Leaf,
} from "./index.ts";

const good: Leaf = {
  at: "2026-01-02T03:04:06.000Z",
  c: "ab".repeat(32),
  id: "0f".repeat(16),
  prev: null,
  s: "usage_total",
  t: "rec",
  v: 1,
  ver: 1,
};
const text = leafText(good);

const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from("0123456789abcdef")), minLength: length, maxLength: length });
const leaves: fc.Arbitrary<Leaf> = fc
  .record({
    at: fc
      .date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T00:00:00Z"), noInvalidDate: true })
      .map((date) => date.toISOString()),
    c: hex(64),
    id: hex(32),
    prev: fc.option(fc.maxSafeNat()),
    s: fc.string({ unit: fc.constantFrom(...Array.from("abcxyz0189_")), minLength: 1, maxLength: 64 }),
    t: fc.constantFrom(...LEAF_KINDS),
    v: fc.constant(1 as const),
    ver: fc.integer({ min: 2, max: Number.MAX_SAFE_INTEGER }),
  })
  .map((leaf) => (leaf.prev === null || leaf.t === "genesis" ? { ...leaf, prev: null, ver: 1 } : leaf));

describe("a leaf", () => {
  it("is written as canonical JSON and read back the same", () => {
    fc.assert(
      fc.property(leaves, (leaf) => {
        expect(leafText(leaf)).toBe(canonicalJson(leaf));
        expect(parseLeaf(leafBytes(leaf))).toEqual(leaf);
      }),
    );
  });

  it.each<Partial<Leaf>>([
    { at: "2026-02-30T00:00:00.000Z" },
    { at: "2026-01-01T24:00:00.000Z" },
    { at: "2026-01-01T00:00:00Z" },
    { at: "2026-01-01T00:00:00.000+00:00" },
    { c: "AB".repeat(32) },
    { c: "ab".repeat(31) },
    { id: "0f".repeat(17) },
    { id: `${"0f".repeat(15)}0F` },
    { s: "" },
    { s: "Usage" },
    { s: "a".repeat(65) },
    { s: 'a","t":"rec' },
    { ver: 0 },
    { ver: 1.5, prev: 1 },
    { ver: 2 },
    { prev: 0 },
    { prev: -1, ver: 2 },
    { prev: 2 ** 53, ver: 2 },
    { t: "genesis", prev: 0, ver: 2 },
  ])("is refused before it is written: %j", (change) => {
    expect(() => leafText({ ...good, ...change })).toThrow(LedgerError);
  });

  it.each([
    ["white space", text.replace(":", ": ")],
    ["a newline after it", `${text}\n`],
    ["another order of members", text.replace(/"at":("[^"]*"),"c":("[^"]*")/, '"c":$2,"at":$1')],
    ["a ninth member", text.replace("}", ',"x":1}')],
    ["a member twice", text.replace("}", ',"ver":1}')],
    ["a missing member", text.replace('"v":1,', "")],
    ["another format version", text.replace('"v":1', '"v":2')],
    ["an escape", text.replace("usage", "\\u0075sage")],
    ["a number with a fraction", text.replace('"ver":1', '"ver":1.0')],
    ["an unknown kind", text.replace('"rec"', '"REC"')],
    ["a byte order mark", `\ufeff${text}`],
    ["nothing", ""],
  ])("is refused with %s", (_, altered) => {
    expect(altered).not.toBe(text);
    expect(() => parseLeaf(Buffer.from(altered))).toThrow(LedgerError);
  });
});

describe("commitments", () => {
  it("give every payload of a batch a salt of its own", () => {
    const seals = sealPayloads(
      Array.from({ length: 100 }, () => "{}"),
      randomBytes,
    );
    expect(new Set(seals.map(({ salt }) => salt.toString("hex"))).size).toBe(100);
    expect(new Set(seals.map(({ commitment }) => commitment)).size).toBe(100);
    for (const { salt, commitment: stated } of seals) expect(commitment(salt, "{}")).toBe(stated);
  });

  it("are the same for a text and its UTF-8 bytes, short or far beyond the scratch space", () => {
    const salt = randomBytes(32);
    for (const payload of ["", "Zoë — 😀", "€".repeat(700_000), "a"]) {
      expect(commitment(salt, payload)).toBe(commitment(salt, Buffer.from(payload)));
    }
  });

  it("refuse a salt of another length, or a source of too few random bytes", () => {
    expect(() => commitment(Buffer.alloc(31), "{}")).toThrow("a salt of 31 bytes");
    expect(() => sealPayloads(["{}"], () => Buffer.alloc(8))).toThrow("fewer random bytes");
  });
});
