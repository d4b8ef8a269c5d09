import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cosignNote, leafHash, sealPayloads, signCheckpoint, signingKey, verifyCheckpoint } from "./index.ts";
import { commitment, leafBytes, parseCheckpoint, parseLeaf, parseVkey, rootOf } from "./index.ts";

// The vectors were checked with two Go libraries we did not write; the file holds literals only.
const vectors = JSON.parse(
  readFileSync(new URL("../../test/fixtures/ledger-vectors.json", import.meta.url), "utf8"),
) as Vectors;

interface Vectors {
  set_a: { leaf_hashes: string[]; roots: Record<string, string> };
  keys: Record<"log" | "witness", { seed: string; public: string; key_id: string; vkey: string }>;
  checkpoint_8: string;
  checkpoint_8_cosigned: string;
  checkpoint_0: string;
  set_b: {
    leaves: { index: number; salt: string; payload: string; commitment: string; leaf: string; leaf_hash: string }[];
    root_3: string;
    checkpoint: string;
  };
}

const ORIGIN = "ledger.example/test-org";
const logKey = signingKey(ORIGIN, "ed25519", Buffer.alloc(32, 7));
const witnessKey = signingKey("witness.example/w1", "cosignature", Buffer.alloc(32, 9));

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
});
