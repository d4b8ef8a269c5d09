import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBundle, encodeBundle, parseTilePath, payloadPath, tilePath, tilesAt, tilesOf } from "./index.ts";
import { levelsOf, numberPath, parseNumberPath } from "./tile.ts";

describe("tile paths", () => {
  it("are read back as they were written", () => {
    const level = fc.oneof(fc.integer({ min: 0, max: 63 }), fc.constant("entries" as const));
    fc.assert(
      fc.property(level, fc.maxSafeNat(), fc.integer({ min: 1, max: 256 }), (level, n, width) => {
        expect(parseTilePath(tilePath({ level, n, width }))).toEqual({ level, n, width });
      }),
    );
  });

  it.each([
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000.p/07",
    "tile/00/000",
    "tile/64/000",
    "tile/0/0",
    "tile/0/0000",
    "tile/0/x000/000",
    "tile/0/001/000",
    "tile/0/x001/x000",
    "tile/0/x001/000/",
    "tile//000",
    "tile/0/000.P/1",
    "tile/data/000",
    "/tile/0/000",
    "tile/../0/000",
    "tile/0/../000",
    "../tile/0/000",
    "tile/0/000.p/257",
    "tile/0/000.p/-1",
    "tile/-1/000",
    "tile/0/9223372036854775808",
    "tile/0/000\n",
  ])("%j is none", (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  });

  it("name payload files without a width", () => {
    expect(payloadPath(1234)).toBe("payload/x001/234");
  });
});

describe("numbers of tiles", () => {
  it.each([
    [0, "000"],
    [999, "999"],
    [1000, "x001/000"],
    [1_234_067, "x001/x234/067"],
    [Number.MAX_SAFE_INTEGER, "x009/x007/x199/x254/x740/991"],
  ])("%i is written %s, and read back", (n, path) => {
    expect([numberPath(n), parseNumberPath(path)]).toEqual([path, n]);
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])("%d has no path", (n) => {
    expect(() => numberPath(n)).toThrow(`no tile ${n}`);
    expect(() => payloadPath(n)).toThrow("no tile");
  });

  it.each([
    "",
    "00",
    "0000",
    "x001",
    "x000/000",
    "001/000",
    "x001/x000",
    "x009/x007/x199/x254/x740/992",
    "x999/x999/x999/x999/x999/999",
    "x001/x000/x000/x000/x000/x000/000",
    " 000",
    "000 ",
  ])("%j is no number", (path) => {
    expect(parseNumberPath(path)).toBeUndefined();
  });

  it.each([
    [0, 0, [0, 0], [0, 0]],
    [1, 1, [0, 1], [0, 0]],
    [255, 1, [0, 255], [0, 0]],
    [256, 2, [1, 0], [0, 1]],
    [65_535, 2, [255, 255], [0, 255]],
    [65_536, 3, [256, 0], [1, 0]],
  ])("a tree of %i has %i levels", (size, levels, first, second) => {
    const at = (level: number | "entries") => Object.values(tilesAt(level, size));
    expect([levelsOf(size), at(0), at("entries"), at(1)]).toEqual([levels, first, first, second]);
  });
});

describe("tiles of a tree", () => {
  it("are, at 70,000 leaves, the stated ones", () => {
    const paths = [...tilesOf(70_000)].filter(({ level }) => level !== "entries").map(tilePath);
    expect(paths).toHaveLength(273 + 1 + 2 + 1);
    const partial = paths.filter((path) => path.includes(".p/"));
    expect(partial).toEqual(["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]);
  });

  it("hold every leaf and every full tile below exactly once", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2_000_000 }), (size) => {
        const held = new Map<number | string, number>();
        for (const { level, width } of tilesOf(size)) held.set(level, (held.get(level) ?? 0) + width);
        expect(held.get("entries") ?? 0).toBe(size);
        expect(held.get(0) ?? 0).toBe(size);
        for (const level of [1, 2]) expect(held.get(level) ?? 0).toBe(tilesAt(level - 1, size).full);
      }),
      { numRuns: 20 },
    );
  });

  it("are none in the empty tree", () => {
    expect([...tilesOf(0)]).toEqual([]);
  });
});

describe("entry bundles", () => {
  it("give back the leaves they were made of", () => {
    const leaf = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.array(leaf, { maxLength: 256 }), (leaves) => {
        expect(decodeBundle(encodeBundle(leaves), leaves.length)).toEqual(leaves);
      }),
    );
  });

  it("are refused when cut, longer, or of another count", () => {
    const bundle = encodeBundle([Buffer.from("abc"), Buffer.from("de")]);
    for (let length = 0; length < bundle.length; length++) {
      expect(() => decodeBundle(bundle.subarray(0, length), 2)).toThrow("entry bundle");
    }
    expect(() => decodeBundle(Buffer.concat([bundle, Buffer.alloc(1)]), 2)).toThrow("entry bundle");
    expect(() => decodeBundle(Buffer.concat([bundle, Buffer.alloc(2)]), 2)).toThrow("entry bundle");
    expect(() => decodeBundle(bundle, 3)).toThrow("entry bundle");
  });

  it("hold leaves up to 65,535 bytes, and at most 256", () => {
    const most = Array.from({ length: 256 }, (_, n) => Buffer.alloc(n, n));
    expect(decodeBundle(encodeBundle(most), 256)).toEqual(most);
    const longest = Buffer.alloc(65_535, 1);
    expect(decodeBundle(encodeBundle([longest]), 1)).toEqual([longest]);
    expect(() => encodeBundle([Buffer.alloc(65_536)])).toThrow("65536 bytes");
    expect(() => encodeBundle(Array.from({ length: 257 }, () => longest))).toThrow("257 leaves");
  });
});
