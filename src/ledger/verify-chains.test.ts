import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { LeafChain } from "./leaf-chain.ts";
import type { Leaf } from "./leaf.ts";
import { ScratchFile } from "./scratch-file.ts";
import { ChainChecker } from "./verify-chains.ts";

afterEach(() => vi.unstubAllEnvs());

/** What each leaf is to be blamed for, by a Map of the last leaf of each id. */
function expected(leaves: readonly (Leaf | undefined)[]): string[] {
  const found: string[] = [];
  const lastOf = new Map<string, { index: number; ver: number; s: string }>();
  let gap = false;
  for (const [index, leaf] of leaves.entries()) {
    gap ||= leaf === undefined;
    if (leaf === undefined) continue;
    const { id, prev, ver, s } = leaf;
    const last = lastOf.get(id);
    lastOf.set(id, { index, ver, s });
    const [wanted, stated] = [last === undefined ? [null, 1] : [last.index, last.ver + 1], [prev, ver]].map(
      ([before, version]) => (before === null ? "version 1" : `version ${version} after leaf ${before}`),
    );
    if (prev !== null && prev >= index) found.push(`${index} points forwards, to ${prev}`);
    else if (wanted !== stated) {
      if (!gap) found.push(`${index} is ${stated} of its thing where ${wanted} belongs`);
    } else if (last !== undefined && last.s !== s) {
      found.push(`${index} is of stream ${s}, its thing of ${last.s}`);
    }
  }
  return found;
}

/** The same from the checker, which is given the leaves in parts. */
function found(leaves: readonly (Leaf | undefined)[], partSize: number): string[] {
  const scratch = new ScratchFile();
  const checker = new ChainChecker(scratch);
  for (let from = 0; from < leaves.length; from += partSize) {
    const part = new LeafChain(partSize);
    for (const [at, leaf] of leaves.slice(from, from + partSize).entries()) part.add(from + at, leaf);
    checker.add(part);
  }
  const findings = checker.judge((index) => `file ${index}`);
  scratch.close();
  expect(findings.kept.every(({ file, index }) => file === `file ${index}`)).toBe(true);
  expect(findings.count).toBe(expected(leaves).length);
  return findings.kept.map(({ index, what }) => `${index} ${what}`);
}

/** Ids that share all but a few digits, in any of their four words, as somebody who wants them to collide would choose them. */
function idOf(thing: number): string {
  return thing
    .toString(16)
    .padStart(8 * (1 + (thing % 4)), "0")
    .padEnd(32, "0");
}

/** A log of these things, one leaf each time one is named, in which these changes are made. */
function logOf(things: readonly number[], changes: readonly (readonly [number, Partial<Leaf> | null])[]) {
  const lastOf = new Map<number, { prev: number; ver: number }>();
  const leaves: (Leaf | undefined)[] = things.map((thing, index) => {
    const { prev, ver } = lastOf.get(thing) ?? { prev: null, ver: 0 };
    lastOf.set(thing, { prev: index, ver: ver + 1 });
    return { at: "", c: "", id: idOf(thing), prev, s: `s${thing % 3}`, t: "rec", v: 1, ver: ver + 1 };
  });
  for (const [place, change] of changes) {
    const index = place % leaves.length;
    const leaf = leaves[index];
    leaves[index] = change === null || leaf === undefined ? undefined : { ...leaf, ...change };
  }
  return leaves;
}

const change = fc.oneof(
  { weight: 8, arbitrary: fc.record({ prev: fc.nat({ max: 60 }), ver: fc.integer({ min: 2, max: 9 }) }) },
  { weight: 4, arbitrary: fc.constantFrom({ s: "another" }, { prev: null, ver: 1 }, { prev: 2 ** 53 - 1, ver: 2 }) },
  { weight: 4, arbitrary: fc.nat({ max: 9 }).map((thing) => ({ id: idOf(thing) })) },
  { weight: 1, arbitrary: fc.constant(null) },
);

describe("the chains of a log", () => {
  it("are blamed for what a table of all ids would blame them for, however the log is cut", () => {
    const things = fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 200, size: "max" });
    const changes = fc.array(fc.tuple(fc.nat(), change), { maxLength: 6 });
    fc.assert(
      fc.property(things, changes, fc.integer({ min: 1, max: 80 }), (things, changes, partSize) => {
        const leaves = logOf(things, changes);
        expect(found(leaves, partSize)).toEqual(expected(leaves));
      }),
      { numRuns: 300 },
    );
  });

  it.each(["in a file", "in memory, where no file can be made"])("are held together %s", (where) => {
    if (where !== "in a file") vi.stubEnv("TMPDIR", "/absent/from/here");
    // A few things with thousands of versions, whose partitions overflow, and many with one.
    const things = Array.from({ length: 12_000 }, (_, n) => (n % 2 === 0 ? n % 5 : n));
    const intact = logOf(things, []);
    expect(found(intact, 1000)).toEqual([]);
    const changes = [11_000, 3, 5_000, 11_998].map((at) => [at, { prev: 0, ver: 2 }] as const);
    const leaves = logOf(things, [...changes, [11_500, { s: "another" }], [11_999, { id: intact[4]!.id }]]);
    expect(found(leaves, 1000)).toEqual(expected(leaves));
    expect(expected(leaves).length).toBeGreaterThan(6);
  });
});
