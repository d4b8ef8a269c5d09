import type { CallToolResult, InputRequiredResult, Server, ServerContext } from "@modelcontextprotocol/server";

import { Failure } from "../domain/index.ts";
import { catalog, type OperationContext } from "../operations/index.ts";
import { answeredApproval, ApprovalNeeded, askApproval, type ApprovalStates } from "./approval.ts";
import { askingOf, openedFor } from "./asking.ts";
import { noteCall, type CallOutcome } from "./audit-call.ts";
import type { Tool } from "./define-tool.ts";
import { failureResult, toldFailure } from "./failure-result.ts";
import { followSync } from "./follow-sync.ts";
import { lookingBack } from "./looking-back.ts";
import type { McpParts, McpSession, OpenedSession } from "./parts.ts";
import type { ToolCall } from "./tool-call.ts";
import { toolResult, type Question } from "./tool-result.ts";
import { readerOf } from "./tool-schema.ts";

/** What a call needs besides its arguments. */
export interface Called {
  readonly parts: McpParts;
  readonly session: McpSession;
  readonly server: Server;
  readonly ctx: ServerContext;
  readonly approvals: ApprovalStates;
}

/**
 * Runs a tool as the caller and leaves the record of it in the ledger. What goes wrong is told as the tool's own error,
 * with cause and remedy, so that a model can mend its next call.
 */
export async function callTool(
  called: Called,
  tool: Tool,
  sent: unknown,
): Promise<CallToolResult | InputRequiredResult> {
  const { parts, session, ctx } = called;
  try {
    const opened = await openedFor(session, ctx.mcpReq.signal);
    const { context } = opened;
    let outcome: CallOutcome = "answered";
    let failed: string | null = null;
    const run = async () => {
      try {
        const question = readQuestion(tool, sent, context);
        return toolResult(question, await runTool(called, opened, question));
      } catch (thrown) {
        if (thrown instanceof ApprovalNeeded) {
          outcome = "asked";
          return askApproval(thrown, called.approvals);
        }
        const told = toldFailure(thrown, parts.log, tool.name);
        outcome = ctx.mcpReq.signal.aborted ? "cancelled" : "failed";
        failed = told.code;
        await ctx.mcpReq.log("warning", { tool: tool.name, code: told.code }, "bursar");
        return failureResult(told);
      }
    };
    const result = await run();
    // Before anything is shown: what cannot be recorded is not shown.
    await noteCall(context, { transport: parts.transport, tool: tool.name, outcome, code: failed });
    return result;
  } catch (thrown) {
    return failureResult(toldFailure(thrown, parts.log, tool.name));
  }
}

/** What was asked. @throws Failure `access.forbidden`, `input.invalid` naming the member */
export function readQuestion(tool: Tool, sent: unknown, { caller, scope }: OperationContext): Question {
  const { permission } = tool;
  if (!caller.permissions.has(permission)) throw new Failure("access.forbidden", { permission });
  const parsed = readerOf(tool).safeParse(sent ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Failure("input.invalid", {
      field: issue?.path.join(".") || "arguments",
      problem: issue?.message ?? "cannot be read",
      remedy: `Correct it by the input schema of ${tool.name} and call again.`,
    });
  }
  const { page, input } = tool.list === undefined ? { page: {}, input: parsed.data } : withoutPage(parsed.data);
  return { tool, input, page, bond: JSON.stringify([scope.tenantId, scope.principal, tool.name, input]) };
}

function withoutPage({ limit, cursor, ...input }: Record<string, unknown>): Pick<Question, "page" | "input"> {
  // Read by the host's own schema just now.
  return { page: { limit, cursor } as Question["page"], input };
}

/** What a tool says, as known on the day that the question may name. */
export async function runTool(called: Called, opened: OpenedSession, question: Question) {
  const { tool } = question;
  const call = toolCall(called, opened, question);
  const { asOf, ...input } = question.input;
  if (tool.past !== true || typeof asOf !== "string") return tool.run(call, question.input);
  const answer = await tool.run(lookingBack(call, asOf), input);
  const note = `As known on ${asOf}; names, teams and owners are today's.`;
  return { ...answer, notes: [...(answer.notes ?? []), note] };
}

/** What a tool may use. */
function toolCall(called: Called, opened: OpenedSession, { bond }: Question): ToolCall {
  const { parts, server, ctx } = called;
  const { context, syncs } = opened;
  const { signal } = context;
  const progress: ToolCall["progress"] = (done, total, says) => tellProgress(ctx, done, total, says);
  // How far an operation is, it tells in words: of these only the number grows.
  let steps = 0;
  const onStep = (says: string) => progress(++steps, null, says);
  return {
    ...askingOf({ ...opened, context: { ...context, onStep } }),
    signal,
    progress,
    async approve(question) {
      return answeredApproval(server, ctx, question, bond);
    },
    pageUrl: (path) => new URL(path, parts.origin).href,
    async startSync(order) {
      const { permission } = await catalog[order.what]();
      if (!context.caller.permissions.has(permission)) throw new Failure("access.forbidden", { permission });
      return followSync(syncs, context.scope.tenant, order, { signal, progress });
    },
  };
}

function tellProgress(ctx: ServerContext, done: number, total: number | null, says: string): void {
  const progressToken = ctx.mcpReq._meta?.progressToken;
  if (progressToken === undefined || ctx.mcpReq.signal.aborted) return;
  const params = { progressToken, progress: done, ...(total === null ? {} : { total }), message: says };
  // Whoever does not hear it any more does not need it.
  ctx.mcpReq.notify({ method: "notifications/progress", params }).catch(() => {});
}
