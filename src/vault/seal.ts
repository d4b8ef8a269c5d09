import { createCipheriv, createDecipheriv } from "node:crypto";

export const KEY_BYTES = 32;
export const KEY_ID_BYTES = 16;
export const IV_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = 1;
const ALGORITHM = "aes-256-gcm";
// Without it Node takes a tag of 4 bytes for good, which can be guessed.
const OPTIONS = { authTagLength: TAG_BYTES } as const;

/** A key and the 16 bytes that name it inside the blobs it sealed. */
export interface SealingKey {
  readonly id: Buffer;
  readonly key: Buffer;
}

/**
 * `0x01 ‖ key id (16) ‖ IV (12) ‖ ciphertext ‖ tag (16)`, AES-256-GCM, bound to its context.
 *
 * @param iv 12 random bytes, never used twice with one key.
 */
export function seal({ id, key }: SealingKey, iv: Buffer, plain: Uint8Array, context: readonly string[]): Buffer {
  if (id.length !== KEY_ID_BYTES || iv.length !== IV_BYTES) throw new RangeError("a key id or IV of another length");
  const cipher = createCipheriv(ALGORITHM, key, iv, OPTIONS);
  cipher.setAAD(associatedData(context));
  const sealed = [cipher.update(plain), cipher.final()];
  return Buffer.concat([Buffer.of(FORMAT), id, iv, ...sealed, cipher.getAuthTag()]);
}

/** What `seal` was given, or null for a blob that this key did not seal in this context, or that was altered. */
export function unseal({ id, key }: SealingKey, blob: Buffer, context: readonly string[]): Buffer | null {
  if (!keyIdOf(blob)?.equals(id)) return null;
  const from = 1 + KEY_ID_BYTES;
  const decipher = createDecipheriv(ALGORITHM, key, blob.subarray(from, from + IV_BYTES), OPTIONS);
  decipher.setAAD(associatedData(context));
  decipher.setAuthTag(blob.subarray(-TAG_BYTES));
  const plain = decipher.update(blob.subarray(from + IV_BYTES, -TAG_BYTES));
  try {
    decipher.final();
    return plain;
  } catch {
    plain.fill(0);
    return null;
  }
}

/** Name of the key that sealed a blob, or null when it is no blob of ours. */
export function keyIdOf(blob: Buffer): Buffer | null {
  const least = 1 + KEY_ID_BYTES + IV_BYTES + TAG_BYTES;
  return blob.length >= least && blob[0] === FORMAT ? blob.subarray(1, 1 + KEY_ID_BYTES) : null;
}

/** Each part with its length before it, so that no two lists of parts give the same bytes. */
function associatedData(context: readonly string[]): Buffer {
  return Buffer.concat(
    ["seal/1", ...context].flatMap((part) => {
      const bytes = Buffer.from(part, "utf8");
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}
