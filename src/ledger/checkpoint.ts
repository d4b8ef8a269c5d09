import { LedgerError } from "./error.ts";
import { HASH_BYTES } from "./hash.ts";
import { openNote, parseNote, signNote, type OpenedNote } from "./note.ts";
import { parseBase64Hash, parseDecimal } from "./spelling.ts";
import { isOrigin, type SigningKey, type VerifierKey } from "./vkey.ts";

/** What a checkpoint says: this log, at this size, has this root. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Buffer;
}

/** A checkpoint whose log signature has been checked. */
export interface VerifiedCheckpoint extends Checkpoint {
  readonly body: string;
  /** vkeys of the log that signed it; at least one. */
  readonly signedBy: readonly string[];
  /** Witnesses whose cosignature verifies, each once, and when they cosigned (seconds since 1970). */
  readonly cosignedBy: readonly { readonly vkey: string; readonly name: string; readonly time: number }[];
  /** Signature lines of keys nobody named. */
  readonly unknown: OpenedNote["unknown"];
}

/** The three lines that are signed. @throws LedgerError */
export function checkpointBody({ origin, size, root }: Checkpoint): string {
  if (!isOrigin(origin)) throw new LedgerError("an origin that cannot name a log");
  if (!Number.isSafeInteger(size) || size < 0 || root.length !== HASH_BYTES) throw new LedgerError("no such tree");
  return `${origin}\n${size}\n${root.toString("base64")}\n`;
}

/**
 * A signed checkpoint, one line for each key (two while a key is being rotated).
 *
 * @throws LedgerError when a key's name is not the origin.
 */
export function signCheckpoint(checkpoint: Checkpoint, keys: readonly SigningKey[]): string {
  const body = checkpointBody(checkpoint);
  if (keys.length === 0 || keys.some((key) => key.name !== checkpoint.origin)) {
    throw new LedgerError("a log key has the origin as its name");
  }
  return `${body}\n${keys.map((key) => signNote(body, key)).join("")}`;
}

/**
 * Reads what a checkpoint says **without checking any signature**.
 *
 * @throws LedgerError for any other form, extension lines included.
 */
export function parseCheckpoint(text: string): Checkpoint & { readonly body: string } {
  const { body } = parseNote(text);
  const lines = body.split("\n");
  const [origin = "", size = "", root = ""] = lines;
  if (lines.length !== 4 || !isOrigin(origin)) throw new LedgerError("a checkpoint that is not origin, size and root");
  return { origin, size: parseDecimal(size), root: parseBase64Hash(root), body };
}

/**
 * Reads a checkpoint and checks the lines of all keys given; lines of other keys are ignored.
 *
 * @param keys the log's keys (named as the origin) and those of the witnesses
 * @throws LedgerError when a known key's line does not verify, or no key of the log has signed.
 */
export function verifyCheckpoint(text: string, keys: readonly VerifierKey[]): VerifiedCheckpoint {
  const checkpoint = parseCheckpoint(text);
  const { known, unknown } = openNote(text, keys);
  const signedBy = known.flatMap(({ key }) =>
    key.type === "ed25519" && key.name === checkpoint.origin ? [key.vkey] : [],
  );
  if (signedBy.length === 0) throw new LedgerError("a checkpoint that no key of the log has signed");
  const cosignedBy = known.flatMap(({ key, time }) =>
    time === null ? [] : [{ vkey: key.vkey, name: key.name, time }],
  );
  return {
    ...checkpoint,
    signedBy: [...new Set(signedBy)],
    cosignedBy: cosignedBy.filter(({ vkey }, at) => cosignedBy.findIndex((other) => other.vkey === vkey) === at),
    unknown,
  };
}
