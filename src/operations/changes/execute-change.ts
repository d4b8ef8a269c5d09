import { isSameHash } from "../../access/index.ts";
import { Failure, isFailure } from "../../domain/index.ts";
import { canonicalJson } from "../../ledger/index.ts";
import { findChange, startChange, type ChangeRow } from "../../store/index.ts";
import { appendAudit, writeAudited } from "../../sync/index.ts";
import type { OperationContext } from "../context.ts";
import { withWorld } from "./change-world.ts";
import { boundTo, readConfirmation } from "./confirmation.ts";
import type { StepDraft } from "./define-change.ts";
import { changeNamed } from "./decide-change.ts";
import { digestOf, planOf, stateAt } from "./kept-plan.ts";
import { guardedSteps, readOrder, type ChangeOrder, type ReadOrder } from "./plan-change.ts";
import { endUnsent, runSteps } from "./run-steps.ts";
import { showChange } from "./show-change.ts";
import type { ChangeShown } from "./shapes.ts";
import { requireWrites } from "./writes.ts";

/**
 * Executes a change that was planned by this caller with these very arguments and approved by a person, once.
 *
 * What became of it is an answer, not a failure: done, refused, unknown, or of a series partial.
 *
 * @throws Failure `changes.confirmation`, `changes.not_approved`, `changes.decided`; each leaves a trace, and nothing
 * was sent
 */
export async function executeChange(
  context: OperationContext,
  order: ChangeOrder & { readonly confirmation: string },
): Promise<ChangeShown> {
  requireWrites(context);
  const effects = await context.effects();
  const { scope, clock } = context;
  const read = await readOrder(context, order);
  const row = await confirmedChange(context, read, order.confirmation);
  if (row.state === "planned") {
    const until = new Date(row.expiresMs).toISOString();
    const failure = new Failure("changes.not_approved", { id: row.changeId, until });
    throw await refused(context, row.changeId, "not_approved", failure);
  }
  const isFirst = await writeAudited(effects, scope, async (tx, leave) => {
    const started = await startChange(tx, scope, row.changeId, clock.now());
    if (started) await leave({ event: "change.executing", change: row.changeId, plan_sha256: digestOf(planOf(row)) });
    return started;
  });
  if (!isFirst)
    throw await refused(context, row.changeId, "used", usedAlready(await changeNamed(context, row.changeId)));
  const steps = await freshSteps(context, read, row);
  const isStill = !(steps instanceof Failure);
  const ended = await (isStill ? runSteps(context, { row, read, steps }) : endUnsent(context, row, steps));
  return showChange(ended, context);
}

/**
 * The change that a confirmation is of, for whoever asks a person about it: planned or approved, of this caller and
 * these arguments.
 *
 * @throws Failure `changes.*`, having left a trace
 */
export async function changeConfirmed(
  context: OperationContext,
  order: ChangeOrder & { readonly confirmation: string },
): Promise<ChangeShown> {
  requireWrites(context);
  const read = await readOrder(context, order);
  return showChange(await confirmedChange(context, read, order.confirmation), context);
}

/**
 * The open change that a confirmation is of.
 *
 * @throws Failure `changes.*`, having left a trace
 */
async function confirmedChange(
  context: OperationContext,
  { text }: ReadOrder,
  confirmation: string,
): Promise<ChangeRow> {
  const { store, scope, clock } = context;
  const shown = readConfirmation(confirmation);
  const row = shown === null ? null : await store.read((tx) => findChange(tx, scope, shown.changeId));
  if (shown === null || row === null || !isSameHash(row.secretHash, shown.secretHash))
    throw await refused(context, null, "unknown", wrong("it is none that was given out"));
  const { changeId } = row;
  // Before its state: somebody else learns nothing about it.
  if (row.boundTo !== boundTo(context))
    throw await refused(context, changeId, "other_caller", wrong("it was given to another caller, or elsewhere"));
  if (row.arguments !== text)
    throw await refused(context, changeId, "other_arguments", wrong("it is of other arguments than these"));
  const state = stateAt(row, clock.now());
  if (state === "planned" || state === "approved") return row;
  if (state === "expired") throw await refused(context, changeId, "expired", wrong("its five minutes are over"));
  if (state === "declined")
    throw await refused(context, changeId, "declined", new Failure("changes.decided", { state }));
  throw await refused(context, changeId, "used", usedAlready(row));
}

async function refused(
  context: OperationContext,
  changeId: string | null,
  reason: string,
  failure: Failure,
): Promise<Failure> {
  await appendAudit(await context.effects(), context.scope, {
    event: "change.execution_refused",
    change: changeId,
    reason,
  });
  return failure;
}

function wrong(problem: string): Failure {
  return new Failure("changes.confirmation", { problem });
}

function usedAlready({ state }: ChangeRow): Failure {
  return wrong(`it was used already (the change is ${state})`);
}

/**
 * The steps as they would be planned now. They must be those that were approved: what they are about may have changed
 * since, and so may the caller's own role, or what is protected.
 */
async function freshSteps(
  context: OperationContext,
  read: ReadOrder,
  row: ChangeRow,
): Promise<readonly StepDraft[] | Failure> {
  try {
    const steps = await withWorld(context, read.organization, (world) => guardedSteps(world, read));
    const planned = planOf(row).steps;
    return sameSteps(steps, planned)
      ? steps
      : new Failure("changes.not_possible", {
          problem: "What this change was planned on has changed since",
          remedy: "Plan it again, and look at what it would do now.",
        });
  } catch (thrown) {
    if (isFailure(thrown)) return thrown;
    throw thrown;
  }
}

function sameSteps(one: readonly StepDraft[], other: readonly StepDraft[]): boolean {
  const told = (steps: readonly StepDraft[]) =>
    canonicalJson(
      steps.map(({ request, before }) => ({ before, body: request.body, to: [request.method, request.path] })),
    );
  return told(one) === told(other);
}
