import { parseCanonical, canonicalJson } from "./canonical.ts";
import { parseCheckpoint, verifyCheckpoint, type VerifiedCheckpoint } from "./checkpoint.ts";
import { commitment, SALT_BYTES } from "./commitment.ts";
import { LedgerError } from "./error.ts";
import { leafHash } from "./hash.ts";
import { parseLeaf, type Leaf } from "./leaf.ts";
import { verifyInclusion } from "./proof.ts";
import { parseBase64, parseBase64Hash, parseDecimal } from "./spelling.ts";
import type { VerifierKey } from "./vkey.ts";

/** Evidence of one record in one small text file (C2SP tlog-proof). */
export interface TlogProof {
  readonly index: number;
  /** The leaf's exact text. */
  readonly leaf: string;
  /** The exact payload and its salt; null proves presence without content. */
  readonly content: { readonly payload: string; readonly salt: Uint8Array } | null;
  /** Inclusion proof, the leaf's sibling first. */
  readonly hashes: readonly Uint8Array[];
  /** The whole note, verbatim. */
  readonly checkpoint: string;
}

/** A tlog-proof that has been checked whole. */
export interface VerifiedTlogProof extends TlogProof {
  readonly parsedLeaf: Leaf;
  readonly verified: VerifiedCheckpoint;
}

/** The text of a `.tlog-proof` file. */
export function formatTlogProof({ index, leaf, content, hashes, checkpoint }: TlogProof): string {
  const { payload, salt } = content ?? {};
  const extra = canonicalJson({
    leaf,
    ...(payload === undefined ? {} : { payload }),
    ...(salt === undefined ? {} : { salt: Buffer.from(salt).toString("hex") }),
  });
  const lines = [FIRST_LINE, `extra ${Buffer.from(extra).toString("base64")}`, `index ${index}`];
  return [...lines, ...hashes.map((hash) => Buffer.from(hash).toString("base64")), "", checkpoint].join("\n");
}

/**
 * Reads a `.tlog-proof` file, checking its form only.
 *
 * @throws LedgerError for any other spelling.
 */
export function parseTlogProof(text: string): TlogProof {
  const blank = text.indexOf("\n\n");
  const [first, extra = "", index = "", ...hashes] = text.slice(0, Math.max(blank, 0)).split("\n");
  if (first !== FIRST_LINE) throw new LedgerError(`a proof that does not begin with ${FIRST_LINE}`);
  if (!extra.startsWith("extra ") || !index.startsWith("index ")) {
    throw new LedgerError("a proof without its extra and index lines");
  }
  if (hashes.length > LONGEST_PROOF) throw new LedgerError(`a proof of ${hashes.length} hashes`);
  const checkpoint = text.slice(blank + 2);
  parseCheckpoint(checkpoint);
  return {
    index: parseDecimal(index.slice("index ".length)),
    ...parseExtra(parseBase64(extra.slice("extra ".length))),
    hashes: hashes.map(parseBase64Hash),
    checkpoint,
  };
}

/**
 * Checks evidence of one record: the leaf's form, its place in the signed tree and, where it is there, its payload.
 *
 * @param keys the log's keys, known from elsewhere, and those of witnesses
 * @throws LedgerError when anything does not hold.
 */
export function verifyTlogProof(text: string, keys: readonly VerifierKey[]): VerifiedTlogProof {
  const proof = parseTlogProof(text);
  const verified = verifyCheckpoint(proof.checkpoint, keys);
  const bytes = Buffer.from(proof.leaf);
  const parsedLeaf = parseLeaf(bytes);
  if (!verifyInclusion(proof.index, verified.size, leafHash(bytes), proof.hashes, verified.root)) {
    throw new LedgerError(`leaf ${proof.index} is not in the tree of the checkpoint`);
  }
  if (proof.content !== null) {
    parseCanonical(proof.content.payload);
    if (commitment(proof.content.salt, proof.content.payload) !== parsedLeaf.c) {
      throw new LedgerError("the payload is not the one the leaf commits to");
    }
  }
  return { ...proof, parsedLeaf, verified };
}

const FIRST_LINE = "c2sp.org/tlog-proof@v1";
const LONGEST_PROOF = 63;

function parseExtra(bytes: Buffer): Pick<TlogProof, "leaf" | "content"> {
  const text = bytes.toString("utf8");
  if (!Buffer.from(text).equals(bytes)) throw new LedgerError("an extra line that is not UTF-8");
  const extra = parseCanonical(text);
  if (typeof extra !== "object" || extra === null) throw new LedgerError("an extra line that is not an object");
  const members = new Map<string, unknown>(Object.entries(extra));
  const leaf = members.get("leaf");
  const payload = members.get("payload");
  const salt = members.get("salt");
  const wanted = payload === undefined ? 1 : 3;
  if (typeof leaf !== "string" || members.size !== wanted) {
    throw new LedgerError("an extra line that is not leaf, payload and salt, or the leaf alone");
  }
  if (payload === undefined) return { leaf, content: null };
  if (typeof payload !== "string" || typeof salt !== "string" || !SALT.test(salt)) {
    throw new LedgerError("an extra line with a payload or salt that is not text");
  }
  return { leaf, content: { payload, salt: Buffer.from(salt, "hex") } };
}

const SALT = new RegExp(`^[0-9a-f]{${SALT_BYTES * 2}}$`);
