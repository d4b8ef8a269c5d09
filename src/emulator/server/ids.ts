import { createHash } from "node:crypto";

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** Invents ids in the API's shape (`prefix01` and 22 base-58 characters), the same ones for the same seed and order. */
export function createIds(seed: string): (prefix: string) => string {
  const counts = new Map<string, number>();
  return (prefix) => {
    const count = (counts.get(prefix) ?? 0) + 1;
    counts.set(prefix, count);
    const bytes = createHash("sha256").update(`${seed}/${prefix}/${count}`).digest();
    let suffix = "";
    for (const byte of bytes.subarray(0, 22)) suffix += ALPHABET[byte % ALPHABET.length];
    return `${prefix}_01${suffix}`;
  };
}

/** Object timestamps carry microseconds. */
export const timestamp = (now: number): string => new Date(now).toISOString().replace("Z", "000Z");

/** Bucket bounds carry no fraction. */
export const bucketTime = (at: number): string => new Date(at).toISOString().replace(".000Z", "Z");
