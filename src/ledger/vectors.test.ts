import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  commitment,
  consistencyProof,
  cosignNote,
  decodeBundle,
  EMPTY_ROOT,
  encodeBundle,
  formatTlogProof,
  inclusionProof,
  leafBytes,
  leafHash,
  parseCheckpoint,
  parseLeaf,
  parseTilePath,
  parseTlogProof,
  parseVkey,
  rootAt,
  rootOf,
  sealPayloads,
  sha256Hex,
  signCheckpoint,
  signingKey,
  TileBuilder,
  tilePath,
  tileReader,
  tilesAt,
  tilesOf,
  verifyCheckpoint,
  verifyConsistency,
  verifyInclusion,
  verifyTlogProof,
  type BuiltTile,
  type HashAt,
} from "./index.ts";

// The vectors were checked with two Go libraries we did not write; the file holds literals only.
const vectors = JSON.parse(
  readFileSync(new URL("../../test/fixtures/ledger-vectors.json", import.meta.url), "utf8"),
) as Vectors;

interface Vectors {
  set_a: {
    leaf_hashes: string[];
    roots: Record<string, string>;
    inclusion: { index: number; size: number; proof: string[] }[];
    consistency: { old: number; new: number; proof: string[] }[];
    tiles: Record<string, { count: number; files: Files; entries_count: number; entries: Files }>;
  };
  keys: Record<"log" | "witness", { seed: string; public: string; key_id: string; vkey: string }>;
  checkpoint_8: string;
  checkpoint_8_cosigned: string;
  checkpoint_0: string;
  set_b: {
    leaves: { index: number; salt: string; payload: string; commitment: string; leaf: string; leaf_hash: string }[];
    root_3: string;
    bundle_hex: string;
    checkpoint: string;
    tlog_proof_2: string;
  };
  n_path: Record<string, string>;
}

type Files = Record<string, { bytes: number; sha256: string }>;

const ORIGIN = "ledger.example/test-org";
const logKey = signingKey(ORIGIN, "ed25519", Buffer.alloc(32, 7));
const witnessKey = signingKey("witness.example/w1", "cosignature", Buffer.alloc(32, 9));

const leafOf = (index: number): Buffer => Buffer.from(String(index));

/** Hash tiles of set A at a size, by path, and a reader of them. */
function tilesOfSetA(size: number): { files: Map<string, Buffer>; hashAt: HashAt } {
  const builder = new TileBuilder();
  const files = new Map<string, Buffer>();
  const keep = (tiles: readonly BuiltTile[]): void => {
    for (const tile of tiles) files.set(tilePath(tile), Buffer.from(tile.hashes));
  };
  for (let index = 0; index < size; index++) keep(builder.add(leafHash(leafOf(index))));
  keep(builder.partial());
  const hashAt = tileReader((level, n) => {
    const { full, partial } = tilesAt(level, size);
    return files.get(tilePath({ level, n, width: n < full ? 256 : partial })) ?? Buffer.alloc(0);
  });
  return { files, hashAt };
}

describe("set A: leaf i is the decimal of i", () => {
  it("hashes the first leaves as stated", () => {
    const hashes = vectors.set_a.leaf_hashes.map((_, index) => leafHash(Buffer.from(String(index))).toString("hex"));
    expect(hashes).toEqual(vectors.set_a.leaf_hashes);
  });

  it.each(Object.entries(vectors.set_a.roots))("has the stated root at size %s", (size, root) => {
    const leaves = Array.from({ length: Number(size) }, (_, index) => leafHash(Buffer.from(String(index))));
    expect(rootOf(leaves).toString("hex")).toBe(root);
  });
});

describe("set A: proofs and tiles", () => {
  it.each(vectors.set_a.inclusion)("proves leaf $index in the tree of $size as stated", async (stated) => {
    const { index, size } = stated;
    const { hashAt } = tilesOfSetA(size);
    const proof = await inclusionProof(index, size, hashAt);
    expect(proof.map((hash) => hash.toString("base64"))).toEqual(stated.proof);
    const hashes = stated.proof.map((hash) => Buffer.from(hash, "base64"));
    const root = rootOf(Array.from({ length: size }, (_, at) => leafHash(leafOf(at))));
    expect(verifyInclusion(index, size, leafHash(leafOf(index)), hashes, root)).toBe(true);
  });

  it.each(vectors.set_a.consistency)("leads from the tree of $old to that of $new as stated", async (stated) => {
    const { hashAt } = tilesOfSetA(stated.new);
    const proof = await consistencyProof(stated.old, stated.new, hashAt);
    expect(proof.map((hash) => hash.toString("base64"))).toEqual(stated.proof);
    const hashes = stated.proof.map((hash) => Buffer.from(hash, "base64"));
    const [oldRoot, root] = await Promise.all([rootAt(stated.old, hashAt), rootAt(stated.new, hashAt)]);
    expect(verifyConsistency(stated.old, stated.new, oldRoot, root, hashes)).toBe(true);
  });

  it.each(Object.entries(vectors.set_a.tiles))("cuts the tree of %s into the stated tiles", (text, stated) => {
    const size = Number(text);
    const { files } = tilesOfSetA(size);
    const all = [...tilesOf(size)];
    const hashTiles = all.filter(({ level }) => level !== "entries").map(tilePath);
    expect(new Set(hashTiles)).toEqual(new Set(files.keys()));
    expect([files.size, all.length - files.size]).toEqual([stated.count, stated.entries_count]);
    for (const [path, file] of Object.entries(stated.files)) expect([path, sum(files.get(path))]).toEqual([path, file]);
    for (const [path, file] of Object.entries(stated.entries)) {
      const tile = parseTilePath(path);
      if (tile === undefined) expect.fail(`${path} is not read as a tile`);
      const leaves = Array.from({ length: tile.width }, (_, at) => leafOf(tile.n * 256 + at));
      const bundle = encodeBundle(leaves);
      expect([path, sum(bundle)]).toEqual([path, file]);
      expect(decodeBundle(bundle, tile.width)).toEqual(leaves);
    }
  });

  it.each(Object.entries(vectors.n_path))("writes tile number %s as %s", (n, path) => {
    expect(tilePath({ level: 3, n: Number(n), width: 256 })).toBe(`tile/3/${path}`);
    expect(parseTilePath(`tile/3/${path}.p/7`)).toEqual({ level: 3, n: Number(n), width: 7 });
  });

  it("has the stated root of nothing", () => {
    expect(EMPTY_ROOT.toString("hex")).toBe(vectors.set_a.roots["0"]);
  });
});

function sum(bytes: Buffer = Buffer.alloc(0)): { bytes: number; sha256: string } {
  return { bytes: bytes.length, sha256: sha256Hex(bytes) };
}

describe("keys and checkpoints", () => {
  it.each([
    ["log", logKey],
    ["witness", witnessKey],
  ] as const)("derives the %s key from its seed and reads its vkey", (name, key) => {
    const stated = vectors.keys[name];
    expect([key.publicKey.toString("hex"), key.keyId, key.vkey]).toEqual([stated.public, stated.key_id, stated.vkey]);
    expect(parseVkey(stated.vkey)).toMatchObject({ name: key.name, keyId: key.keyId, type: key.type });
  });

  it.each([
    ["checkpoint_0", 0],
    ["checkpoint_8", 8],
  ] as const)("signs %s byte for byte", (name, size) => {
    const root = Buffer.from(vectors.set_a.roots[size] ?? "", "hex");
    expect(signCheckpoint({ origin: ORIGIN, size, root }, [logKey])).toBe(vectors[name]);
    expect(verifyCheckpoint(vectors[name], [parseVkey(vectors.keys.log.vkey)])).toMatchObject({ size, root });
  });

  it("cosigns byte for byte at the time the vector states", () => {
    const { body } = parseCheckpoint(vectors.checkpoint_8);
    const cosigned = verifyCheckpoint(vectors.checkpoint_8_cosigned, [logKey, witnessKey]);
    const [witness] = cosigned.cosignedBy;
    expect(witness).toEqual({ vkey: vectors.keys.witness.vkey, name: "witness.example/w1", time: 1_767_323_045 });
    expect(vectors.checkpoint_8 + cosignNote(body, witnessKey, 1_767_323_045)).toBe(vectors.checkpoint_8_cosigned);
  });
});

describe("set B: three real leaves", () => {
  it.each(vectors.set_b.leaves)("commits, writes, reads and hashes leaf $index", (stated) => {
    const salt = Buffer.from(stated.salt, "hex");
    expect(commitment(salt, stated.payload)).toBe(stated.commitment);
    expect(commitment(salt, Buffer.from(stated.payload))).toBe(stated.commitment);
    expect(sealPayloads([stated.payload], () => salt)).toEqual([{ salt, commitment: stated.commitment }]);
    const leaf = parseLeaf(Buffer.from(stated.leaf));
    expect(leaf.c).toBe(stated.commitment);
    expect(leafBytes(leaf).toString()).toBe(stated.leaf);
    expect(leafHash(leafBytes(leaf)).toString("hex")).toBe(stated.leaf_hash);
  });

  it("has the stated root and checkpoint", () => {
    const root = rootOf(vectors.set_b.leaves.map(({ leaf }) => leafHash(Buffer.from(leaf))));
    expect(root.toString("hex")).toBe(vectors.set_b.root_3);
    expect(signCheckpoint({ origin: ORIGIN, size: 3, root }, [logKey])).toBe(vectors.set_b.checkpoint);
  });

  it("bundles as stated", () => {
    const leaves = vectors.set_b.leaves.map(({ leaf }) => Buffer.from(leaf));
    expect(encodeBundle(leaves).toString("hex")).toBe(vectors.set_b.bundle_hex);
  });

  it("writes and checks the stated single-record evidence", async () => {
    const [stated] = vectors.set_b.leaves.slice(2);
    if (stated === undefined) expect.fail("the vectors have three leaves");
    const hashes = vectors.set_b.leaves.map(({ leaf }) => leafHash(Buffer.from(leaf)));
    const hashAt = (level: number, index: number): Buffer =>
      rootOf(hashes.slice(index * 2 ** level, (index + 1) * 2 ** level));
    const proof = {
      index: 2,
      leaf: stated.leaf,
      content: { payload: stated.payload, salt: Buffer.from(stated.salt, "hex") },
      hashes: await inclusionProof(2, 3, hashAt),
      checkpoint: vectors.set_b.checkpoint,
    };
    expect(formatTlogProof(proof)).toBe(vectors.set_b.tlog_proof_2);
    expect(parseTlogProof(vectors.set_b.tlog_proof_2)).toEqual(proof);
    expect(verifyTlogProof(vectors.set_b.tlog_proof_2, [logKey])).toMatchObject({ index: 2, leaf: stated.leaf });
  });
});
