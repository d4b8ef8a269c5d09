import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { EMPTY_ROOT, leafHash, nodeHash, rootOfJoined, sha256Hex } from "./hash.ts";
import { rootOf } from "./tree.ts";

const sha256 = (...parts: Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
const hashes = Array.from({ length: 300 }, (_, n) => leafHash(Buffer.from(`${n}`)));

describe("hashes", () => {
  it("have another first byte for leaves and for nodes", () => {
    const [left, right] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    expect(leafHash(Buffer.from("abc"))).toEqual(sha256(Buffer.from([0]), Buffer.from("abc")));
    expect(leafHash(Buffer.alloc(0))).toEqual(sha256(Buffer.from([0])));
    expect(nodeHash(left, right)).toEqual(sha256(Buffer.from([1]), left, right));
    expect(EMPTY_ROOT).toEqual(sha256());
    expect([sha256Hex("é"), sha256Hex(Buffer.from("é"))]).toEqual(
      Array(2).fill(sha256(Buffer.from("é")).toString("hex")),
    );
  });

  it("are of the longest leaf that fits, and of none longer", () => {
    expect(leafHash(Buffer.alloc(65_535, 1))).toEqual(sha256(Buffer.from([0]), Buffer.alloc(65_535, 1)));
    expect(() => leafHash(Buffer.alloc(65_536))).toThrow("a leaf of 65536 bytes");
  });

  it("are made of two hashes, and nothing shorter or longer", () => {
    for (const length of [0, 31, 33]) {
      expect(() => nodeHash(Buffer.alloc(length), Buffer.alloc(32))).toThrow("not 32 bytes");
      expect(() => nodeHash(Buffer.alloc(32), Buffer.alloc(length))).toThrow("not 32 bytes");
    }
  });

  it.each([1, 2, 4, 8, 256])(
    "of %i that stand joined have the root of that tree, and are left as they were",
    (count) => {
      const joined = Buffer.concat(hashes.slice(0, 300));
      const before = Buffer.from(joined);
      expect(rootOfJoined(joined, 32 * 5, count)).toEqual(rootOf(hashes.slice(5, 5 + count)));
      expect(joined).toEqual(before);
    },
  );
});
