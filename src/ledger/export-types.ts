import type { Continuation } from "./continuation.ts";

/** One leaf as it goes into an export: with its payload, or with the index of the leaf that erased it. */
export type SourceLeaf = {
  readonly index: number;
  /** The leaf's exact bytes. */
  readonly leaf: Uint8Array;
} & (
  | { readonly salt: Uint8Array; readonly payload: string; readonly erasedBy: null }
  | { readonly salt: null; readonly payload: null; readonly erasedBy: number }
);

/** A log to be exported. What is exported is the tree of `checkpoint`, even when the log has grown since. */
export interface LedgerSource {
  /** The latest signed checkpoint, with whatever cosignatures it has. */
  readonly checkpoint: string;
  /** All vkeys the log ever had, oldest first. */
  readonly vkeys: readonly string[];
  /** Witnesses whose cosignatures may stand in the checkpoints; those that cosigned none are left out. */
  readonly witnessVkeys?: readonly string[];
  /** How the log changed keys: from before each `key` leaf to the checkpoint that the older and the newer key signed. */
  readonly handovers?: readonly Continuation[];
  /** Leaves [from, to) in order. */
  leaves(from: number, to: number): AsyncIterable<SourceLeaf>;
}

/** A frozen checkpoint that was stamped, and the stamps: `checkpoint.ots`, `checkpoint.tsr`, `tsa-ca.pem`. */
export interface AnchorFolder {
  readonly checkpoint: string;
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

export interface ExportOptions {
  /** False leaves the content out, for a reader who may see that something is recorded but not what. Default true. */
  readonly payloads?: boolean;
  /** Leaves that get a `.tlog-proof` file of their own. */
  readonly proofs?: readonly number[];
  /** Consistency proofs to add: from a size to the tree of a signed checkpoint. */
  readonly consistency?: readonly { readonly old: number; readonly checkpoint: string }[];
  readonly anchors?: readonly AnchorFolder[];
  readonly progress?: (leaves: number, size: number) => void;
}
