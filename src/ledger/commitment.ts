import { hash } from "node:crypto";
import { LedgerError } from "./error.ts";

/** Bytes of salt; every leaf has its own. */
export const SALT_BYTES = 32;

/** What hides a payload behind its leaf, and the `c` the leaf carries. */
export interface Seal {
  readonly salt: Buffer;
  /** 64 lower-case hex digits. */
  readonly commitment: string;
}

/**
 * SHA-256(salt ‖ payload) in lower-case hex. Text is taken as UTF-8.
 *
 * Without the salt the commitment says nothing about the payload, which is what makes erasing possible.
 */
export function commitment(salt: Uint8Array, payload: Uint8Array | string): string {
  if (salt.length !== SALT_BYTES) throw new LedgerError(`a salt of ${salt.length} bytes`);
  const longest = typeof payload === "string" ? payload.length * 3 : payload.length;
  if (SALT_BYTES + longest > scratch.length) scratch = Buffer.alloc((SALT_BYTES + longest) * 2);
  scratch.set(salt, 0);
  let length = payload.length;
  if (typeof payload === "string") length = scratch.write(payload, SALT_BYTES, "utf8");
  else scratch.set(payload, SALT_BYTES);
  const digest = hash("sha256", scratch.subarray(0, SALT_BYTES + length), "hex");
  if (scratch.length > KEPT_SCRATCH) scratch = Buffer.alloc(FIRST_SCRATCH);
  return digest;
}

/**
 * Draws a salt for each canonical payload and commits to it.
 *
 * One draw serves the whole batch: asking the system's random source per leaf would take longer than all hashing.
 */
export function sealPayloads(payloads: readonly string[], randomBytes: (size: number) => Uint8Array): Seal[] {
  const drawn = randomBytes(payloads.length * SALT_BYTES);
  if (drawn.length !== payloads.length * SALT_BYTES) throw new LedgerError("fewer random bytes than asked for");
  const salts = Buffer.from(drawn.buffer, drawn.byteOffset, drawn.length);
  return payloads.map((payload, index) => {
    const salt = salts.subarray(index * SALT_BYTES, (index + 1) * SALT_BYTES);
    return { salt, commitment: commitment(salt, payload) };
  });
}

const FIRST_SCRATCH = 16_384;
const KEPT_SCRATCH = 1_048_576;
let scratch = Buffer.alloc(FIRST_SCRATCH);
