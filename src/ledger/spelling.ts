import { LedgerError } from "./error.ts";
import { HASH_BYTES } from "./hash.ts";

/**
 * Reads standard base64 with padding, in its one canonical spelling.
 *
 * Node's own reader skips characters it does not know and ignores stray bits, so the answer is written again and
 * compared: two different texts never give the same bytes.
 *
 * @throws LedgerError
 */
export function parseBase64(text: string): Buffer {
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") !== text) throw new LedgerError("base64 that is not in its canonical spelling");
  return bytes;
}

/** Reads a base64 line that must be a 32-byte hash. @throws LedgerError */
export function parseBase64Hash(text: string): Buffer {
  const bytes = parseBase64(text);
  if (bytes.length !== HASH_BYTES) throw new LedgerError(`a hash of ${bytes.length} bytes`);
  return bytes;
}

/**
 * Reads a decimal number without sign or leading zeros, at most 2^53-1.
 *
 * @throws LedgerError
 */
export function parseDecimal(text: string): number {
  const value = /^(?:0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new LedgerError(`${JSON.stringify(text.slice(0, 24))} is not a number`);
  return value;
}
