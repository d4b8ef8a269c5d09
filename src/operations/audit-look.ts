import type { Json } from "../domain/index.ts";
import type { AuditEvent } from "./define.ts";

/**
 * The trace of a look at individuals: who looked is said by the ledger, at what by ids and counts. For every operation
 * that shows people by name.
 */
export function auditLook<Input, Output>(
  what: `${string}.${string}`,
  facts: (output: Output, input: Input) => Readonly<Record<string, Json>> = () => ({}),
): AuditEvent<Input, Output> {
  return { event: what, facts };
}
