import { describe, expect, it } from "vitest";
import { EMPTY_ROOT, leafHash } from "./hash.ts";
import { consistencyProof, rootAt } from "./proof.ts";
import { TileBuilder } from "./tile-builder.ts";
import { tileReader } from "./tile-reader.ts";
import { rootOf } from "./tree.ts";

const hashes = Array.from({ length: 600 }, (_, n) => leafHash(Buffer.from(`${n}`)));

describe("a tile builder", () => {
  it("takes hashes only, and whole tiles only between tiles", () => {
    const builder = new TileBuilder();
    expect(() => builder.add(Buffer.alloc(31))).toThrow("not 32 bytes");
    builder.add(hashes[0]!);
    expect(() => builder.addTile(hashes[0]!)).toThrow("in the middle");
    expect(builder.size).toBe(1);
  });

  it("goes on from whole tiles as from their leaves", () => {
    const [byLeaf, byTile] = [new TileBuilder(), new TileBuilder()];
    for (const hash of hashes) byLeaf.add(hash);
    for (const from of [0, 256]) expect(byTile.addTile(rootOf(hashes.slice(from, from + 256)))).toEqual([]);
    for (const hash of hashes.slice(512)) byTile.add(hash);
    expect([byTile.size, byTile.root()]).toEqual([600, rootOf(hashes)]);
    expect([byLeaf.size, byLeaf.root()]).toEqual([600, rootOf(hashes)]);
    expect(byTile.partial()[0]?.hashes).toEqual(Buffer.concat(hashes.slice(512)));
    const partial = (builder: TileBuilder) => builder.partial().map(({ level, n, width }) => [level, n, width]);
    expect(partial(byTile)).toEqual([
      [0, 2, 88],
      [1, 0, 2],
    ]);
    expect(partial(byTile)).toEqual(partial(byLeaf));
  });

  it("fills a tile of the second level by 256 of the first", () => {
    const builder = new TileBuilder();
    const filled = Array.from({ length: 256 }, () => builder.addTile(hashes[0]!)).flat();
    expect(filled.map(({ level, n, width }) => [level, n, width])).toEqual([[1, 0, 256]]);
    expect(builder.size).toBe(65_536);
    expect(builder.partial()).toMatchObject([{ level: 2, n: 0, width: 1 }]);
  });
});

describe("a tile reader", () => {
  const joined = Buffer.concat(hashes.slice(0, 256));

  it("reads a tile once while it is kept, the one used longest ago going first", async () => {
    const read: string[] = [];
    const at = tileReader((level, n) => (read.push(`${level}/${n}`), joined), 2);
    for (const n of [0, 1, 0, 2, 0, 1]) await at(0, n * 256 + 3);
    expect(read).toEqual(["0/0", "0/1", "0/2", "0/1"]);
  });

  it("finds the hash of any subtree in its tile", async () => {
    const read: string[] = [];
    const at = tileReader((level, n) => (read.push(`${level}/${n}`), joined));
    expect(await at(0, 255)).toEqual(hashes[255]);
    expect(await at(3, 31)).toEqual(rootOf(hashes.slice(248, 256)));
    expect(await at(7, 3)).toEqual(rootOf(hashes.slice(128, 256)));
    expect(await at(8, 256)).toEqual(hashes[0]);
    expect(await at(15, 2)).toEqual(rootOf(hashes.slice(0, 128)));
    expect(read).toEqual(["0/0", "0/1", "1/1"]);
  });

  it("refuses a tile that ends before the hash, and takes one that ends with it", async () => {
    const at = tileReader(() => joined.subarray(0, 32 * 4));
    expect(await at(2, 0)).toEqual(rootOf(hashes.slice(0, 4)));
    expect(await at(0, 3)).toEqual(hashes[3]);
    await expect(at(0, 4)).rejects.toThrow("tile 0/0 ends before the hash asked for");
    await expect(at(3, 0)).rejects.toThrow("ends before");
  });

  it("gives the roots and proofs of an empty tree without reading", async () => {
    const none = tileReader(() => Promise.reject(new Error("read")));
    expect(await rootAt(0, none)).toEqual(EMPTY_ROOT);
    expect(await consistencyProof(0, 9, none)).toEqual([]);
    expect(await consistencyProof(9, 9, none)).toEqual([]);
  });
});
