import type { OperationContext } from "../../src/operations/index.ts";
import type { Proof } from "../support/proof.ts";
import type { Struck } from "../support/struck-record.ts";

export interface OwnFault {
  readonly id: string;
  readonly fault: string;
  /** What the product does about it, as the summary table says it. */
  readonly expected: string;
  /** The exit code of a command that meets it; — where none ends by it. */
  readonly exit: "0" | "0 or 3" | "1" | "2" | "4" | "5" | "—";
  /** Does it to a record that was synced once, so that this file's suite holds the common conditions against it. */
  readonly strike?: (struck: Struck) => Promise<Held>;
  /** The tests that show it, beside the strike. */
  readonly proofs: readonly Proof[];
  /** Tried on PostgreSQL too, or why it is not a fault there, or not one of ours. */
  readonly postgres: "tried" | (string & {});
}

export interface Held {
  /** Every line is something that must be true. */
  readonly holds: Readonly<Record<string, boolean>>;
  /** The fault is gone: what goes on. */
  readonly context: OperationContext;
}
