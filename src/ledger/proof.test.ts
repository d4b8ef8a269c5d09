import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  consistencyProof,
  Edge,
  inclusionProof,
  leafHash,
  nodeHash,
  rootAt,
  rootOf,
  TileBuilder,
  tileReader,
  verifyConsistency,
  verifyInclusion,
} from "./index.ts";

// Beyond a power of two, so that all forms of a right edge are among them.
const LARGEST = process.env["BURSAR_FULL"] ? 140 : 70;
const leaves = Array.from({ length: 700 }, (_, index) => leafHash(Buffer.from(String(index))));
const roots = Array.from({ length: LARGEST + 1 }, (_, size) => rootOf(leaves.slice(0, size)));
const rootFor = (size: number): Buffer => roots[size] ?? Buffer.alloc(0);
const leaf = (index: number): Buffer => leaves[index] ?? Buffer.alloc(0);

/** The definition of RFC 6962 2.1, word for word: slow, and nothing like the code under test. */
function treeHash(hashes: readonly Buffer[]): Buffer {
  if (hashes.length <= 1) return hashes[0] ?? rootOf([]);
  const k = splitOf(hashes.length);
  return nodeHash(treeHash(hashes.slice(0, k)), treeHash(hashes.slice(k)));
}

/** PATH(m, D) of RFC 6962 2.1.1. */
function path(m: number, hashes: readonly Buffer[]): Buffer[] {
  if (hashes.length === 1) return [];
  const k = splitOf(hashes.length);
  const [left, right] = [hashes.slice(0, k), hashes.slice(k)];
  return m < k ? [...path(m, left), treeHash(right)] : [...path(m - k, right), treeHash(left)];
}

/** SUBPROOF(m, D, b) of RFC 6962 2.1.2. */
function subproof(m: number, hashes: readonly Buffer[], known: boolean): Buffer[] {
  if (m === hashes.length) return known ? [] : [treeHash(hashes)];
  const k = splitOf(hashes.length);
  const [left, right] = [hashes.slice(0, k), hashes.slice(k)];
  return m <= k ? [...subproof(m, left, known), treeHash(right)] : [...subproof(m - k, right, false), treeHash(left)];
}

function splitOf(size: number): number {
  let k = 1;
  while (k * 2 < size) k *= 2;
  return k;
}

const hashAt = (level: number, index: number): Buffer =>
  treeHash(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));

/** Every way to spoil a proof a little. */
function* altered(proof: readonly Buffer[]): Generator<Buffer[]> {
  for (const at of proof.keys()) {
    const flipped = Buffer.from(proof[at] ?? Buffer.alloc(32));
    const byte = (at * 7) % 32;
    flipped[byte] = (flipped[byte] ?? 0) ^ (1 << (at % 8));
    yield proof.with(at, flipped);
    yield proof.toSpliced(at, 1);
    yield proof.toSpliced(at, 0, leaf(at));
    yield proof.with(at, Buffer.alloc(31));
    const next = proof[at + 1];
    if (next !== undefined) yield proof.with(at, next).with(at + 1, proof[at] ?? next);
  }
  yield [...proof, leaf(0)];
}

describe("inclusion", () => {
  it(`proves every leaf of every tree up to ${LARGEST} as the definition does, and nothing altered`, async () => {
    for (let size = 1; size <= LARGEST; size++) {
      const root = rootFor(size);
      for (let index = 0; index < size; index++) {
        const proof = await inclusionProof(index, size, hashAt);
        if (index % 9 === 0) expect(proof).toEqual(path(index, leaves.slice(0, size)));
        expect([index, size, verifyInclusion(index, size, leaf(index), proof, root)]).toEqual([index, size, true]);
        const wrong = [
          verifyInclusion(index + 1, size, leaf(index), proof, root),
          verifyInclusion(index - 1, size, leaf(index), proof, root),
          verifyInclusion(index, size, leaf(index + 1), proof, root),
          verifyInclusion(index, size, leaf(index), proof, rootFor(size - 1)),
          verifyInclusion(index, 2 * size + 1, leaf(index), proof, root),
          ...[...altered(proof)].map((proof) => verifyInclusion(index, size, leaf(index), proof, root)),
        ];
        expect([index, size, wrong.includes(true)]).toEqual([index, size, false]);
      }
    }
  });

  it.each([
    [1, 1],
    [5, 5],
    [-1, 4],
    [0, 0],
    [0.5, 4],
    [0, Number.NaN],
    [0, 2 ** 53],
  ])("has no proof of leaf %s in a tree of %s", async (index, size) => {
    await expect(inclusionProof(index, size, hashAt)).rejects.toThrow("no leaf");
    expect(verifyInclusion(index, size, leaf(0), [], leaf(0))).toBe(false);
  });

  it("works beyond 32 bits", () => {
    // The last leaf of a tree of 2^40 + 1 hangs from the root.
    const left = leaf(1);
    const root = nodeHash(left, leaf(0));
    expect(verifyInclusion(2 ** 40, 2 ** 40 + 1, leaf(0), [left], root)).toBe(true);
    expect(verifyInclusion(2 ** 40 - 1, 2 ** 40 + 1, leaf(0), [left], root)).toBe(false);
  });
});

describe("consistency", () => {
  it(`proves every pair of trees up to ${LARGEST} as the definition does, and nothing altered`, async () => {
    for (let size = 0; size <= LARGEST; size++) {
      for (let old = 0; old <= size; old++) {
        const proof = await consistencyProof(old, size, hashAt);
        const [oldRoot, root] = [rootFor(old), rootFor(size)];
        const stated = old === 0 ? [] : subproof(old, leaves.slice(0, size), true);
        if (old % 9 < 2) expect(proof).toEqual(stated);
        expect([old, size, verifyConsistency(old, size, oldRoot, root, proof)]).toEqual([old, size, true]);
        const wrong = [
          verifyConsistency(old, size, leaf(0), old === size ? root : oldRoot, proof) && size > 1,
          size > 0 && old > 0 && verifyConsistency(old, size, oldRoot, leaf(699), proof),
          ...(old === 0 ? [verifyConsistency(old, size, leaf(3), root, proof)] : []),
          ...[...altered(proof)].map((proof) => verifyConsistency(old, size, oldRoot, root, proof)),
        ];
        expect([old, size, wrong.includes(true)]).toEqual([old, size, false]);
      }
    }
  });

  it("refuses an empty proof between different sizes, and going backwards", async () => {
    expect(verifyConsistency(1, 2, rootFor(1), rootFor(2), [])).toBe(false);
    expect(verifyConsistency(4, 3, rootFor(4), rootFor(3), [])).toBe(false);
    expect(verifyConsistency(-1, 3, rootFor(0), rootFor(3), [])).toBe(false);
    await expect(consistencyProof(4, 3, hashAt)).rejects.toThrow("no way");
  });
});

describe("proofs that are made to deceive", () => {
  const [x, old, root] = [leaf(9), rootFor(3), rootFor(4)];

  it("end at the root of the stated size, no sooner and no later", async () => {
    expect(verifyInclusion(0, 1, leaf(0), [x], nodeHash(x, leaf(0)))).toBe(false);
    expect(verifyInclusion(0, 4, leaf(0), [x], nodeHash(leaf(0), x))).toBe(false);
    const proof = await consistencyProof(3, 4, hashAt);
    expect(verifyConsistency(3, 4, old, root, proof)).toBe(true);
    expect(verifyConsistency(3, 4, nodeHash(x, old), nodeHash(x, root), [...proof, x])).toBe(false);
    expect(verifyConsistency(4, 8, root, nodeHash(root, x), [x])).toBe(true);
    expect(verifyConsistency(4, 16, root, nodeHash(root, x), [x])).toBe(false);
  });

  it.each([
    [0.5, 1],
    [-1, 1],
    [Number.NaN, 1],
    [1, 1.5],
    [1, Number.NaN],
    [1, 2 ** 53],
    [2 ** 53, 2 ** 53],
    [Infinity, Infinity],
  ])("are refused from %d to %d", async (from, to) => {
    for (const proof of [[], [x], [x, x]]) expect(verifyConsistency(from, to, x, x, proof)).toBe(false);
    await expect(consistencyProof(from, to, hashAt)).rejects.toThrow(`no way from a tree of ${from} to ${to}`);
  });
});

describe("trees", () => {
  it("are the same by edge, by tiles and by definition", () => {
    const builder = new TileBuilder();
    const edge = new Edge();
    for (const [at, hash] of leaves.entries()) {
      builder.add(hash);
      edge.append(hash);
      if (at % 37 === 0 || at % 256 > 253 || at % 256 < 2) {
        const root = treeHash(leaves.slice(0, at + 1));
        expect([at, edge.root(), builder.root()]).toEqual([at, root, root]);
      }
    }
  });

  it("go on from a stored edge as if they had never stopped", () => {
    fc.assert(
      fc.property(fc.nat({ max: 300 }), fc.nat({ max: 300 }), (first, more) => {
        const edge = new Edge();
        for (const hash of leaves.slice(0, first)) edge.append(hash);
        const resumed = new Edge(edge.size, edge.hashes);
        const untouched = edge.root();
        for (const hash of leaves.slice(first, first + more)) resumed.append(hash);
        expect(resumed.root()).toEqual(rootOf(leaves.slice(0, first + more)));
        expect(edge.root()).toEqual(untouched);
      }),
    );
  });

  it("tell of every subtree they complete", () => {
    const completed = new Map<string, Buffer>();
    const edge = new Edge();
    for (const hash of leaves.slice(0, 64)) {
      edge.append(hash, (level, index, hash) => completed.set(`${level}/${index}`, hash));
    }
    expect(completed.size).toBe(127);
    expect(completed.get("6/0")).toEqual(edge.root());
    expect(completed.get("3/5")).toEqual(hashAt(3, 5));
  });

  it("refuse an edge that does not fit the size", () => {
    expect(() => new Edge(3, [leaf(0)])).toThrow("does not fit");
    expect(() => new Edge(1, [Buffer.alloc(31)])).toThrow("does not fit");
    expect(() => new Edge(-1)).toThrow("a tree of -1");
    expect(() => new Edge().append(Buffer.alloc(20))).toThrow("32 bytes");
  });
});

describe("proofs from stored tiles", () => {
  it("are those from the leaves, and read few tiles", async () => {
    const size = 70_000;
    const tiles = new Map<string, Buffer>();
    const builder = new TileBuilder();
    for (let index = 0; index < size; index++) {
      for (const tile of builder.add(leafHash(Buffer.from(String(index))))) {
        tiles.set(`${tile.level}/${tile.n}`, Buffer.from(tile.hashes));
      }
    }
    for (const tile of builder.partial()) tiles.set(`${tile.level}/${tile.n}`, Buffer.from(tile.hashes));
    const read = new Set<string>();
    const stored = tileReader((level, n) => {
      read.add(`${level}/${n}`);
      return tiles.get(`${level}/${n}`) ?? Buffer.alloc(0);
    });
    const root = builder.root();
    expect(await rootAt(size, stored)).toEqual(root);
    read.clear();
    const proof = await inclusionProof(12_345, size, stored);
    expect(verifyInclusion(12_345, size, leafHash(Buffer.from("12345")), proof, root)).toBe(true);
    expect(read.size).toBeLessThanOrEqual(6);
    for (const old of [1, 256, 257, 65_536, 69_999]) {
      const proof = await consistencyProof(old, size, stored);
      expect(verifyConsistency(old, size, await rootAt(old, stored), root, proof)).toBe(true);
    }
    await expect(Promise.resolve(stored(0, size))).rejects.toThrow("ends before");
  });
});
