import { hash } from "node:crypto";

import { Failure } from "../domain/index.ts";
import type { Outbound } from "./outbound.ts";
import { below } from "./witness.ts";

/** What a Bitcoin block's header says. */
export interface BlockHeader {
  /** As the header holds it, which is the order that a proof ends in. */
  readonly merkleRoot: Buffer;
  /** When the miner says it was made, ms. */
  readonly atMs: number;
}

/**
 * Reads the header of the block at a height from a node or an explorer of the operator's choice: Bitcoin Core's REST
 * interface where the address ends in `/rest`, else Esplora's API.
 *
 * That the header has the work it claims is checked; that its block is the one of that height is the word of whoever is
 * asked.
 *
 * @throws Failure `anchor.unreachable`, `anchor.unusable`
 */
export async function readBlockHeader(outbound: Outbound, source: URL, height: number): Promise<BlockHeader> {
  const isCore = /\/rest\/*$/.test(source.pathname);
  const id = await hex(
    outbound,
    below(source, isCore ? `blockhashbyheight/${height}.hex` : `block-height/${height}`),
    32,
  );
  const header = await hex(
    outbound,
    isCore ? new URL(`${below(source, `headers/${id}.hex`).href}?count=1`) : below(source, `block/${id}/header`),
    HEADER_BYTES,
  );
  const bytes = Buffer.from(header, "hex");
  const digest = Buffer.from(hash("sha256", hash("sha256", bytes, "buffer"), "buffer").toReversed());
  const fail = (problem: string) => new Failure("anchor.unusable", { host: source.host, problem });
  if (digest.toString("hex") !== id) throw fail(`the header of block ${height} is of another block`);
  if (BigInt(`0x${id}`) > targetOf(bytes.readUInt32LE(72))) throw fail(`block ${height} lacks the work it claims`);
  return { merkleRoot: bytes.subarray(36, 68), atMs: bytes.readUInt32LE(68) * 1000 };
}

const HEADER_BYTES = 80;

async function hex(outbound: Outbound, url: URL, bytes: number): Promise<string> {
  const { status, body } = await outbound.send({ method: "GET", url, largest: 1_024 });
  if (status !== 200) throw new Failure("anchor.unreachable", { host: url.host, problem: `status ${status}` });
  const text = body.toString("latin1").trim().toLowerCase();
  if (!/^[0-9a-f]+$/.test(text) || text.length !== 2 * bytes) {
    throw new Failure("anchor.unusable", { host: url.host, problem: "no block header" });
  }
  return text;
}

/** The largest hash that a header of this difficulty may have: a mantissa of three bytes and a length. */
function targetOf(bits: number): bigint {
  const mantissa = BigInt(bits & 0x007fffff);
  const shift = 8 * ((bits >>> 24) - 3);
  return shift >= 0 ? mantissa << BigInt(shift) : mantissa >> BigInt(-shift);
}
