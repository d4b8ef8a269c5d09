import { describe, expect, it } from "vitest";
import { EMPTY_ROOT, leafHash, nodeHash } from "./hash.ts";
import { Edge, rootOf, rootOfEdge, subtreesOf } from "./tree.ts";

const hashes = Array.from({ length: 10 }, (_, n) => leafHash(Buffer.from(`${n}`)));

describe("an edge", () => {
  it("fits a size of any safe whole number, with one hash for each bit of it", () => {
    expect(new Edge(2 ** 52, [hashes[0]!]).size).toBe(2 ** 52);
    for (const size of [-1, 0.5, Number.NaN, 2 ** 53]) expect(() => new Edge(size)).toThrow(`a tree of ${size} leaves`);
    for (const [size, given] of [
      [0, 1],
      [1, 0],
      [1, 2],
      [2, 2],
      [3, 1],
      [7, 2],
    ] as const) {
      expect(() => new Edge(size, hashes.slice(0, given))).toThrow("does not fit");
    }
    expect(() => new Edge(3, [hashes[0]!, Buffer.alloc(33)])).toThrow("does not fit");
  });

  it("does not change with the buffers it was given, nor with its copy", () => {
    const buffer = Buffer.from(hashes[0]!);
    const edge = new Edge();
    edge.append(buffer);
    const copy = edge.clone();
    buffer.fill(0);
    copy.append(hashes[1]!);
    expect([edge.size, edge.root(), edge.hashes]).toEqual([1, hashes[0], [hashes[0]]]);
    expect([copy.size, copy.root()]).toEqual([2, nodeHash(hashes[0]!, hashes[1]!)]);
    const given = [hashes[0]!];
    const kept = new Edge(1, given);
    given.pop();
    expect(kept.root()).toEqual(hashes[0]);
  });

  it("tells of a leaf and of what it completes, lowest first", () => {
    const told: string[] = [];
    const edge = new Edge(3, [rootOf(hashes.slice(0, 2)), hashes[2]!]);
    edge.append(hashes[3]!, (level, index, hash) => told.push(`${level}/${index} ${hash.toString("hex")}`));
    expect(told).toEqual([
      `0/3 ${hashes[3]!.toString("hex")}`,
      `1/1 ${nodeHash(hashes[2]!, hashes[3]!).toString("hex")}`,
      `2/0 ${rootOf(hashes.slice(0, 4)).toString("hex")}`,
    ]);
    expect(() => edge.append(Buffer.alloc(31))).toThrow("not 32 bytes");
    expect(edge.size).toBe(4);
  });

  it("of nothing is the empty root", () => {
    expect([rootOfEdge([]), new Edge().root(), rootOf([])]).toEqual([EMPTY_ROOT, EMPTY_ROOT, EMPTY_ROOT]);
  });
});

describe("spans of leaves", () => {
  it.each<[number, number, [level: number, index: number][]]>([
    [0, 0, []],
    [0, 1, [[0, 0]]],
    [
      0,
      7,
      [
        [2, 0],
        [1, 2],
        [0, 6],
      ],
    ],
    [8, 12, [[2, 2]]],
    [
      12,
      15,
      [
        [1, 6],
        [0, 14],
      ],
    ],
  ])("from %i to %i are cut into complete subtrees, largest first", (from, to, expected) => {
    expect(subtreesOf(from, to)).toEqual(expected.map(([level, index]) => ({ level, index })));
  });

  it("are cut right where logarithms round", () => {
    const levels = subtreesOf(0, 2 ** 53 - 1).map(({ level }) => level);
    expect(levels).toEqual(Array.from({ length: 53 }, (_, n) => 52 - n));
  });
});
