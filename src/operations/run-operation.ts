import type { z } from "zod";

import { Failure, isFailure, refuseBrokenText } from "../domain/index.ts";
import { appendAudit } from "../sync/index.ts";
import type { OperationContext } from "./context.ts";
import type { Operation } from "./define.ts";

/**
 * Reads the input, runs the operation, and leaves its trace in the ledger.
 *
 * @throws Failure `access.forbidden`; `input.invalid` naming the field; whatever the operation throws.
 */
export async function runOperation<In extends z.ZodType, Out extends z.ZodType>(
  context: OperationContext,
  operation: Operation<In, Out>,
  input: z.input<In>,
): Promise<z.output<Out>> {
  const { permission } = operation;
  if (!context.caller.permissions.has(permission)) throw new Failure("access.forbidden", { permission });
  const read = readInput(operation.input, input);
  // What is kept must be what was sent.
  if (operation.effect === "write") refuseBrokenText(read);
  const { audit } = operation;
  if (typeof audit === "string") return answered(context, operation, read);
  // Before anything is changed: afterwards there would be no ledger to say it in.
  if (operation.effect === "write" && (audit.refusedWhenRolledBack?.(read) ?? true)) await context.effects();
  const output = await answered(context, operation, read);
  const event = typeof audit.event === "string" ? audit.event : audit.event(output, read);
  if (event !== null && !(audit.withoutTraceInTrouble && (await isTroubled(context)))) {
    await appendAudit(await context.effects(), context.scope, { event, ...audit.facts(output, read) });
  }
  await operation.afterTrace?.(context, output);
  return output;
}

/** A day that is looked back at stands in the input of the operations that say so, and nowhere else. */
async function answered<In extends z.ZodType, Out extends z.ZodType>(
  context: OperationContext,
  operation: Operation<In, Out>,
  input: z.output<In>,
): Promise<z.output<Out>> {
  const { past } = operation;
  const { asOf, ...rest } = input as { readonly asOf?: string };
  if (past === undefined || asOf === undefined) return operation.run(context, input);
  // Most commands never look back.
  const { asKnownOn } = await import("./as-known-on.ts");
  // The same input without the day: it is optional wherever it stands.
  return asKnownOn(context, past, asOf, (then) => operation.run(then, rest as z.output<In>));
}

async function isTroubled(context: OperationContext): Promise<boolean> {
  try {
    await context.effects();
    return false;
  } catch (thrown) {
    if (isFailure(thrown, "ledger.rolled_back", "ledger.differs", "ledger.checkpoint_lost")) return true;
    throw thrown;
  }
}

/**
 * As `runOperation`, for operations that look at nothing of ours (an export in a folder, what can be asked for): they
 * work where there is no record at all.
 */
export async function runWithoutRecord<In extends z.ZodType, Out extends z.ZodType>(
  operation: Operation<In, Out>,
  input: z.input<In>,
  onStep: (step: string) => void = () => {},
): Promise<z.output<Out>> {
  // What such an operation may use of its context; anything else is missing and would fail loudly.
  const context: Pick<OperationContext, "onStep"> = { onStep };
  return operation.run(context as OperationContext, readInput(operation.input, input));
}

function readInput<In extends z.ZodType>(schema: In, input: unknown): z.output<In> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join(".") || "input";
  // The value is not repeated: it may be what must not be shown.
  throw new Failure("input.invalid", {
    field,
    problem: issue?.message ?? "cannot be read",
    remedy: "Correct it and try again.",
  });
}
