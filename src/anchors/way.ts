import type { Json } from "../domain/index.ts";

/** A checkpoint that leaves the building: a copy with the log's own lines alone, the same for every way. */
export interface Frozen {
  readonly origin: string;
  readonly size: number;
  readonly note: string;
  /** SHA-256 of the note. */
  readonly digest: Buffer;
}

/** What a witness needs besides the checkpoint. */
export interface History {
  /** Size that this witness cosigned last, as far as we know; 0 when nothing is known. */
  readonly seen: number;
  /** The log's present signed size: a witness that has seen more has seen another log, or we were rolled back. */
  signedSize(): Promise<number>;
  /** Consistency proof from a size to the frozen one. */
  consistency(from: number): Promise<Buffer[]>;
}

/**
 * Where a checkpoint stands with one service.
 *
 * - `cosigned`: a witness signed it
 * - `stamped`: a time stamp authority did
 * - `pending`: a calendar took it; **not anchored**
 * - `confirmed`: it is in a Bitcoin block, by its own proof
 * - `copied`: somebody has a copy
 */
export type AnchorState = "cosigned" | "stamped" | "pending" | "confirmed" | "copied";

export type AnchorKind = "witness" | "rfc3161" | "ots" | "copy";

export interface Handed {
  readonly state: AnchorState;
  /** What the service gave, verbatim or as its own file format has it; null for a copy. */
  readonly proof: Buffer | null;
  /** What can be said of it without reading the proof: times, heights, names. */
  readonly facts: { readonly [name: string]: Json };
}

/** One configured service that checkpoints are handed to. */
export interface AnchorPost {
  readonly kind: AnchorKind;
  /** Tells it from others of its kind for as long as it is configured: a vkey, a host, a kind of copy. */
  readonly target: string;
  /**
   * Hands over a checkpoint.
   *
   * @throws Failure `anchor.*`, and `ledger.forked` when a witness holds another history
   */
  hand(frozen: Frozen, history: History): Promise<Handed>;
  /** Whether something of this state waits to be asked after; absent: nothing ever does. */
  isOpen?(state: AnchorState, facts: Handed["facts"]): boolean;
  /**
   * Asks after an open one; null when nothing has changed.
   *
   * @throws Failure `anchor.*`
   */
  goOn?(proof: Buffer): Promise<Handed | null>;
}
