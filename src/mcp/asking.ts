import { runOperation } from "../operations/index.ts";
import type { Asking } from "./define-resource.ts";
import type { McpSession, OpenedSession } from "./parts.ts";

/** Asks operations as the caller; a look at individuals leaves its trace first. */
export function askingOf({ context, looks, kept }: OpenedSession): Asking {
  return {
    context,
    async ask(operation, input) {
      // Whatever it is asked with is an object: operations take nothing else.
      const question = input as Readonly<Record<string, unknown>>;
      await looks.note(context, operation, question);
      return kept.ask(context, operation, question, () => runOperation(context, operation, input));
    },
  };
}

/** What one request may use: what it began ends with it. */
export async function openedFor(session: McpSession, signal: AbortSignal): Promise<OpenedSession> {
  const opened = await session.open();
  const { context } = opened;
  return { ...opened, context: { ...context, signal: AbortSignal.any([context.signal, signal]) } };
}
