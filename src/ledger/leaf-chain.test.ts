import { expect, it } from "vitest";
import { LeafChain } from "./leaf-chain.ts";
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
  chain.add(leaf);
  chain.add(undefined);
  chain.add({ ...leaf, s: "usage", id: "ffffffff".repeat(4), prev: 0, ver: 2 });
  chain.add({ ...leaf, prev: 2, ver: 3 });
  expect(chain.length).toBe(4);
  expect([...chain.prevs]).toEqual([-1, Number.NaN, 0, 2]);
  expect([...chain.vers]).toEqual([1, 0, 2, 3]);
  expect([...chain.ids]).toEqual([1, 2, 3, 4, 0, 0, 0, 0, ...Array<number>(4).fill(0xffff_ffff), 1, 2, 3, 4]);
  expect(chain.names).toEqual(["app", "usage"]);
  expect([...chain.streams]).toEqual([0, 0, 1, 0]);
});
