import { parseCheckpoint, verifyCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { ledgerErrorAsNull, LedgerError } from "./error.ts";
import { verifyConsistency } from "./proof.ts";
import { parseBase64Hash, parseDecimal } from "./spelling.ts";
import type { VerifierKey } from "./vkey.ts";

/** A checkpoint with the proof that it continues an earlier size: what a witness is sent (C2SP tlog-witness). */
export interface Continuation {
  readonly old: number;
  /** Consistency proof from `old`; none from 0, and none for the same size. */
  readonly hashes: readonly Buffer[];
  /** Verbatim. */
  readonly checkpoint: string;
}

export function formatContinuation({ old, hashes, checkpoint }: Continuation): string {
  return `old ${old}\n${hashes.map((hash) => `${hash.toString("base64")}\n`).join("")}\n${checkpoint}`;
}

/**
 * Reads it without checking what it claims.
 *
 * @throws LedgerError for another form, or more than 63 hashes.
 */
export function parseContinuation(text: string): Continuation {
  const blank = text.indexOf("\n\n");
  const [first = "", ...lines] = text.slice(0, Math.max(blank, 0)).split("\n");
  if (!first.startsWith("old ")) throw new LedgerError("does not begin with the old size");
  if (lines.length > MOST_HASHES) throw new LedgerError(`has more than ${MOST_HASHES} hashes`);
  return {
    old: parseDecimal(first.slice("old ".length)),
    hashes: lines.map(parseBase64Hash),
    checkpoint: text.slice(blank + 2),
  };
}

/** What a witness answers. Only after `cosign` is kept may it sign. */
export type WitnessVerdict =
  | { readonly verdict: "cosign"; readonly checkpoint: Checkpoint & { readonly body: string }; readonly note: string }
  /** The proof does not begin where this witness stands, or the same size has another root. */
  | { readonly verdict: "conflict"; readonly size: number }
  | { readonly verdict: "unreadable" | "unknown_origin" | "unknown_key" | "inconsistent" };

/**
 * Judges what a log sent, as a witness must (C2SP tlog-witness).
 *
 * @param keysOf the keys of the log with this origin; none for a log that is not watched
 * @param latestOf the checkpoint last cosigned for it, or null
 */
export async function judgeContinuation(
  text: string,
  keysOf: (origin: string) => readonly VerifierKey[],
  latestOf: (origin: string) => Promise<Checkpoint | null>,
): Promise<WitnessVerdict> {
  const sent = readable(text);
  if (sent === null) return { verdict: "unreadable" };
  const { old, hashes, checkpoint } = sent;
  const keys = keysOf(checkpoint.origin);
  if (keys.length === 0) return { verdict: "unknown_origin" };
  if (!isSignedBy(sent.note, keys)) return { verdict: "unknown_key" };
  if (old > checkpoint.size) return { verdict: "unreadable" };
  const latest = await latestOf(checkpoint.origin);
  const size = latest?.size ?? 0;
  if (old !== size) return { verdict: "conflict", size };
  if (latest !== null && checkpoint.size === size && !latest.root.equals(checkpoint.root)) {
    return { verdict: "conflict", size };
  }
  // From nothing there is nothing to prove, and nothing may be pretended.
  const isProved =
    latest === null
      ? hashes.length === 0
      : verifyConsistency(old, checkpoint.size, latest.root, checkpoint.root, hashes);
  return isProved ? { verdict: "cosign", checkpoint, note: sent.note } : { verdict: "inconsistent" };
}

const MOST_HASHES = 63;

function readable(text: string) {
  return ledgerErrorAsNull(() => {
    const { old, hashes, checkpoint: note } = parseContinuation(text);
    return { old, hashes, note, checkpoint: parseCheckpoint(note) };
  });
}

function isSignedBy(note: string, keys: readonly VerifierKey[]): boolean {
  return ledgerErrorAsNull(() => verifyCheckpoint(note, keys)) !== null;
}
