import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { sampleExports } from "../../test/support/sample-exports.ts";
import { rootAt } from "./proof.ts";
import { readExport } from "./read-export.ts";

const exports = await sampleExports();
const { intact, small, sample, few, copyOf } = exports;

afterAll(() => exports.remove());

async function leavesOf(dir: string, from: number, to: number) {
  const leaves = [];
  for await (const leaf of (await readExport(dir)).leaves(from, to)) leaves.push(leaf);
  return leaves;
}

describe("an export that is read again", () => {
  it("gives the checkpoint, its text, the proofs and the tree", async () => {
    const read = await readExport(intact);
    expect(read.checkpoint).toMatchObject({ size: 600, root: sample.ledger.edge.root() });
    expect(read.note).toBe(await readFile(join(intact, "checkpoint"), "utf8"));
    expect(read.continuations.map(({ old }) => old).toSorted((a, b) => a - b)).toEqual([0, 17]);
    expect(await rootAt(600, read.hashAt)).toEqual(sample.ledger.edge.root());
    await expect(Promise.resolve(read.hashAt(0, 768))).rejects.toThrow("no tile 0/3 in a tree of 600");
    await expect(Promise.resolve(read.hashAt(16, 0))).rejects.toThrow("no tile 2/0 in a tree of 600");
  });

  it("gives the very leaves that were exported, erased or not, of any span", async () => {
    for (const [from, to] of [
      [0, 600],
      [0, 1],
      [3, 6],
      [250, 520],
      [256, 512],
      [599, 600],
      [7, 7],
    ] as const) {
      expect(await leavesOf(intact, from, to)).toEqual(sample.ledger.leaves.slice(from, to));
    }
    expect(await leavesOf(small, 0, 40)).toEqual(few.ledger.leaves);
  });

  it.each<[string, (text: string) => string]>([
    ["of another leaf", (text) => text.replace("\n2 ", "\n3 ")],
    ["with a short salt", (text) => text.replace(/\n2 [0-9a-f]{2}/, "\n2 ")],
    ["with a space before it", (text) => text.replace("\n2 ", "\n 2 ")],
    ["that is not there", (text) => text.split("\n").slice(0, 2).join("\n")],
    ["with a word behind the leaf that erased it", (text) => text.replace(/\n2 .*/, "\n2 erased 7 x")],
  ])("refuses a payload line %s", async (_, change) => {
    const copy = await copyOf(small);
    const path = join(copy, "payload/000");
    await writeFile(path, change(await readFile(path, "utf8")));
    await expect(leavesOf(copy, 0, 40)).rejects.toThrow("no payload line of leaf 2");
  });
});
