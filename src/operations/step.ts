import { Failure } from "../domain/index.ts";
import type { OperationContext } from "./context.ts";

/**
 * Tells how far a long piece of work is, and is the place where it may be stopped: between whole steps.
 *
 * @throws Failure `app.cancelled`
 */
export function step({ signal, onStep }: Pick<OperationContext, "signal" | "onStep">, says: string): void {
  if (signal.aborted) throw new Failure("app.cancelled");
  onStep?.(says);
}
