import { runOperation, type OperationContext } from "../operations/index.ts";
import type { Asking } from "./define-resource.ts";
import type { McpParts } from "./parts.ts";

/** Asks operations as the caller; a look at individuals leaves its trace first. */
export function askingOf({ looks }: Pick<McpParts, "looks">, context: OperationContext): Asking {
  return {
    context,
    async ask(operation, input) {
      // Whatever it is asked with is an object: operations take nothing else.
      await looks.note(context, operation, input as Readonly<Record<string, unknown>>);
      return runOperation(context, operation, input);
    },
  };
}

/** The context of one request, which ends with it. */
export function duringRequest(context: OperationContext, signal: AbortSignal): OperationContext {
  return { ...context, signal: AbortSignal.any([context.signal, signal]) };
}
