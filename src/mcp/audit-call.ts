import type { Json } from "../domain/index.ts";
import type { OperationContext } from "../operations/index.ts";
import { appendLook } from "../sync/index.ts";
import type { McpParts } from "./parts.ts";

export type CallOutcome = "answered" | "failed" | "cancelled" | "asked";

/** One call, as the ledger keeps it: never its arguments, which may name people. */
export interface NotedCall {
  readonly transport: McpParts["transport"];
  readonly tool: string;
  readonly outcome: CallOutcome;
  /** Of the failure, where it failed. */
  readonly code: string | null;
}

/** Leaves the record of a call, with who called. @throws Failure where it cannot be left */
export async function noteCall(context: OperationContext, call: NotedCall): Promise<void> {
  await noteEvent(context, "mcp.called", { ...call });
}

/** The same of something else that was asked for. */
export async function noteEvent(
  { effects, scope }: OperationContext,
  event: "mcp.called" | "mcp.read",
  facts: Readonly<Record<string, Json>>,
): Promise<void> {
  await appendLook(await effects(), scope, { event, ...facts });
}
