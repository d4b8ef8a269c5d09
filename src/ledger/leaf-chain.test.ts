import { expect, it } from "vitest";
import { INDEX, LeafChain, PREV, RECORD_NUMBERS, RECORD_WORDS, STREAM, VER } from "./leaf-chain.ts";
import type { Leaf } from "./leaf.ts";

it("the chain of some leaves is their ids, versions and streams in numbers, with a gap for one that cannot be read", () => {
  const leaf: Leaf = {
    at: "2026-01-02T03:04:06.000Z",
    c: "ab".repeat(32),
    id: "00000001000000020000000300000004",
    prev: null,
    s: "app",
    t: "rec",
    v: 1,
    ver: 1,
  };
  const chain = new LeafChain(4);
  chain.add(7, leaf);
  chain.add(8, undefined);
  chain.add(9, undefined);
  chain.add(10, { ...leaf, s: "usage", id: "ffffffff".repeat(4), prev: 0, ver: 2 });
  chain.add(11, { ...leaf, prev: 2 ** 53 - 1, ver: 3 });
  expect([chain.length, chain.gapAt, chain.streams]).toEqual([3, 8, ["app", "usage"]]);
  const numbers = new Float64Array(chain.words.buffer);
  const records = [0, 1, 2].map((at) => ({
    id: [...chain.words.subarray(at * RECORD_WORDS, at * RECORD_WORDS + 4)],
    numbers: [PREV, VER, INDEX, STREAM].map((member) => numbers[at * RECORD_NUMBERS + member]),
  }));
  expect(records).toEqual([
    { id: [1, 2, 3, 4], numbers: [-1, 1, 7, 0] },
    { id: Array<number>(4).fill(0xffff_ffff), numbers: [0, 2, 10, 1] },
    { id: [1, 2, 3, 4], numbers: [2 ** 53 - 1, 3, 11, 0] },
  ]);
});
