import type { z } from "zod";

import type { Permission } from "../access/index.ts";
import type { Json } from "../domain/index.ts";
import type { PastPart } from "./as-known-on.ts";
import type { OperationContext } from "./context.ts";

/** A security event of our own. It becomes an `audit` leaf of the tenant's ledger. */
export interface AuditEvent<Input, Output> {
  /** Past tense, dotted: `credential.rotated`. A function where the outcome decides; null when nothing happened. */
  readonly event: string | ((output: Output, input: Input) => string | null);
  /**
   * Whether these orders are refused on a database that does not continue what was signed last. Absent: all are, when
   * the operation changes anything. None may be refused that looks at that trouble or mends it.
   */
  readonly refusedWhenRolledBack?: (input: Input) => boolean;
  /**
   * It only takes evidence away: done, without a trace, also while nothing may be appended. Evidence is never more needed
   * than then.
   */
  readonly withoutTraceInTrouble?: true;
  /** Ids, names and counts. Never a secret. */
  readonly facts: (output: Output, input: Input) => Readonly<Record<string, Json>>;
}

/**
 * Something that a caller may ask or order, whatever the surface: schema in, schema out, who may, which trace it leaves.
 */
export interface Operation<In extends z.ZodType = z.ZodType, Out extends z.ZodType = z.ZodType> {
  /** `camelCase`, frozen once published: surfaces derive their names from it. */
  readonly id: string;
  readonly title: string;
  /** One sentence: what it gives or does. */
  readonly summary: string;
  readonly input: In;
  readonly output: Out;
  readonly permission: Permission;
  readonly effect: "read" | "write";
  /** The trace in our own audit log, or the reason why none is left. Saying neither does not compile. */
  readonly audit: `none: ${string}` | AuditEvent<z.output<In>, z.output<Out>>;
  /**
   * The answer depends on the clock besides the record, the day and the question, as a freshness does: a surface must not
   * give an earlier one again after more than some seconds.
   */
  readonly fresh?: true;
  /** Also for somebody of whom a second factor is demanded and who has none: what they need to get one. */
  readonly beforeSecondFactor?: true;
  /** Members of the input that name files or folders of this machine: for programs that run on it, not for the API. */
  readonly localInputs?: readonly string[];
  /**
   * An `asOf` of the input is answered by the same `run`, on the record as it stood then. Without this member `run` reads
   * it itself, or there is none.
   */
  readonly past?: PastPart;
  run(context: OperationContext, input: z.output<In>): Promise<z.output<Out>>;
  /** What remains to be done once the trace is left, and may fail without taking the trace with it. */
  afterTrace?(context: OperationContext, output: z.output<Out>): Promise<void>;
}

export function defineOperation<In extends z.ZodType, Out extends z.ZodType>(
  operation: Operation<In, Out>,
): Operation<In, Out> {
  return operation;
}
