import { createHash, randomBytes } from "node:crypto";
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
import { NEVER_ERASED, ownLeafMark } from "./leaf.ts";

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

describe("what a leaf means", () => {
  it.each([
    ["a day that is none", text.replace("2026-01-02", "2026-02-30"), "a leaf dated 2026-02-30T03:04:06.000Z"],
    ["a month that is none", text.replace("2026-01-02", "2026-13-02"), "a leaf dated"],
    ["a second version of nothing", text.replace('"ver":1', '"ver":2'), "version 2 of a thing with prev null"],
    ["a first version after another", text.replace('"prev":null', '"prev":0'), "version 1 of a thing with prev 0"],
    [
      "a number beyond 2^53-1",
      text.replace('"prev":null', '"prev":9007199254740992').replace('"ver":1', '"ver":2'),
      "a leaf number beyond 2^53-1",
    ],
    [
      "a version beyond 2^53-1",
      text.replace('"prev":null', '"prev":0').replace('"ver":1', '"ver":9007199254740992'),
      "a leaf number beyond 2^53-1",
    ],
    [
      "a second genesis of a thing",
      text.replace('"prev":null', '"prev":0').replace('"ver":1', '"ver":2').replace('"rec"', '"genesis"'),
      "a genesis leaf that is not a first version",
    ],
  ])("is checked when it is read too: %s", (_, altered, message) => {
    expect(() => parseLeaf(Buffer.from(altered))).toThrow(message);
    // And again, in case the time was remembered.
    expect(() => parseLeaf(Buffer.from(altered))).toThrow(message);
    expect(parseLeaf(Buffer.from(text))).toEqual(good);
  });

  it("lets three kinds never be erased", () => {
    expect([...NEVER_ERASED]).toEqual(["genesis", "key", "erase"]);
  });

  it.each(["audit", "run"] as const)("marks our own leaves of kind %s by bytes at one place", (kind) => {
    const mark = ownLeafMark(kind);
    expect(mark.bytes.toString()).toBe(`"prev":null,"s":"app","t":"${kind}"`);
    const markOf = (leaf: Leaf) => leafBytes(leaf).subarray(mark.at - 1, mark.at - 1 + mark.bytes.length);
    expect(markOf({ ...good, s: "app", t: kind })).toEqual(mark.bytes);
    expect(markOf({ ...good, s: "app", t: "anchor" })).not.toEqual(mark.bytes);
  });
});

describe("commitments", () => {
  it.each([0, 1, 2, 5_450, 5_451, 16_351, 16_352, 16_353, 400_000, 1_048_576])(
    "of %i letters are SHA-256 of the salt and their UTF-8",
    (length) => {
      for (const letter of ["a", "é", "€"]) {
        const [salt, payload] = [randomBytes(32), letter.repeat(length)];
        const expected = createHash("sha256").update(salt).update(payload).digest("hex");
        expect([letter, commitment(salt, payload), commitment(salt, Buffer.from(payload))]).toEqual([
          letter,
          expected,
          expected,
        ]);
      }
    },
  );

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
