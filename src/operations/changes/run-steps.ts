import { isFailure, type Failure, type JsonObject } from "../../domain/index.ts";
import { canonicalJson } from "../../ledger/index.ts";
import type { SourceWriter } from "../../source/index.ts";
import { noteChange, type ChangeRow } from "../../store/index.ts";
import { appendAudit, publishCheckpoint, writeAudited } from "../../sync/index.ts";
import type { OperationContext } from "../context.ts";
import { syncConnections } from "../sync-connections.ts";
import { upstreamOf } from "../upstream-of.ts";
import { withWorld, type ChangeWorld } from "./change-world.ts";
import { changeNamed } from "./decide-change.ts";
import type { StepDraft } from "./define-change.ts";
import { asJson, forLedger, planOf, type KeptOutcome, type KeptStep } from "./kept-plan.ts";
import type { ReadOrder } from "./plan-change.ts";
import { requireWrites } from "./writes.ts";
import { hasAll } from "./json-members.ts";
import { lookAt } from "./look.ts";

interface Run {
  readonly row: ChangeRow;
  readonly read: ReadOrder;
  /** As planned just now. */
  readonly steps: readonly StepDraft[];
}

/**
 * Sends the steps of a change that was begun, one after the other, and keeps what became of each before the next. A
 * step that is refused does not stop the others: each was approved for itself.
 */
export async function runSteps(context: OperationContext, { row, read, steps }: Run): Promise<ChangeRow> {
  // From here on nobody's going away ends it: a change half done, or of which nobody knows, is the worst outcome.
  const steady: OperationContext = { ...context, signal: new AbortController().signal };
  const { connection } = read.organization;
  const { writer, close } = await requireWrites(context)(connection, upstreamOf(context, connection));
  const results: KeptStep[] = steps.map(() => NOT_BEGUN);
  try {
    await withWorld(steady, read.organization, async (world) => {
      for (const [at, step] of steps.entries()) {
        results[at] = { state: "executing", outcome: null };
        await noteExecuting(steady, row, results);
        results[at] = await runStep(world, writer, step);
        await leaveStep(steady, row, { step, at, of: steps.length, result: results[at] });
      }
    });
  } finally {
    await close();
  }
  const isAnythingSent = results.some(({ state }) => state !== "refused");
  const reread = isAnythingSent ? await rereadLists(steady, read) : null;
  const check = isAnythingSent ? await checkAgain(steady, read) : null;
  await endChange(steady, row, { steps: results, reread, check });
  return changeNamed(steady, row.changeId);
}

/** Ends a change that may not be executed after all: nothing was sent. */
export async function endUnsent(context: OperationContext, row: ChangeRow, failure: Failure): Promise<ChangeRow> {
  const steps = planOf(row).steps.map(() => notSent(failure));
  await endChange(context, row, { steps, reread: null, check: null });
  return changeNamed(context, row.changeId);
}

/** What is left of what a series was meant to end; null where Anthropic cannot be asked now. */
async function checkAgain(
  context: OperationContext,
  { kind, input, organization }: ReadOrder,
): Promise<KeptOutcome["check"]> {
  if (kind.check === undefined) return null;
  try {
    const left = (await withWorld(context, organization, async (world) => kind.check?.(world, input))) ?? [];
    return { isClean: left.length === 0, left };
  } catch (thrown) {
    if (isFailure(thrown)) return null;
    throw thrown;
  }
}

const NOT_BEGUN: KeptStep = { state: "not_begun", outcome: null };

async function runStep(world: ChangeWorld, writer: SourceWriter, step: StepDraft): Promise<KeptStep> {
  const sent = await writer.send(step.request);
  switch (sent.kind) {
    case "done": {
      const after = await readBack(world, step, sent.body);
      const isAsPlanned = after === undefined ? null : isAfter(after, step.after);
      return {
        state: "done",
        outcome: {
          how: "answered",
          says: isAsPlanned === false ? "Done, but it is not quite as planned: see what it is now." : "Done.",
          status: sent.status,
          code: null,
          requestId: sent.requestId,
          after: after ?? null,
          asPlanned: isAsPlanned,
        },
      };
    }
    case "refused":
    case "not_sent":
      return {
        state: "refused",
        outcome: {
          how: sent.kind === "refused" ? "answered" : "not_sent",
          says: `${sent.failure.message} ${sent.kind === "refused" ? sent.failure.hint : "Nothing was changed."}`,
          status: sent.status,
          code: sent.code ?? sent.failure.code,
          requestId: sent.requestId,
          after: step.before,
          asPlanned: false,
        },
      };
    case "unknown": {
      const found = await lookUp(world, step, WAITS_MS);
      const told = { status: sent.status, code: sent.code ?? sent.failure.code, requestId: sent.requestId };
      return { ...found, outcome: { ...found.outcome, ...told } };
    }
  }
}

/** What became of a step that no answer told of, by looking: at once, and a little later, as it may still be on its way. */
export async function lookUp(
  world: ChangeWorld,
  step: StepDraft,
  waitsMs: readonly number[],
): Promise<KeptStep & { readonly outcome: NonNullable<KeptStep["outcome"]> }> {
  const outcome = { how: "looked_up" as const, status: null, code: null, requestId: null };
  let now: JsonObject | null | undefined;
  for (const waitMs of waitsMs) {
    if (waitMs > 0) await world.context.clock.sleep(waitMs);
    now = await readBack(world, step, null);
    if (now !== undefined && isAfter(now, step.after)) {
      const says = "No answer came. It was looked up: it has happened.";
      return { state: "done", outcome: { ...outcome, says, after: now, asPlanned: true } };
    }
  }
  if (now === undefined) {
    const says = "No answer came, and it could not be looked up: it may have happened or not. Look it up again.";
    return { state: "unknown", outcome: { ...outcome, says, after: null, asPlanned: null } };
  }
  if (isSame(now, step.before)) {
    const says = "No answer came. It was looked up several times: it has not happened. It can be planned again.";
    return { state: "refused", outcome: { ...outcome, says, after: now, asPlanned: false } };
  }
  const says =
    "No answer came, and what is there now is neither as before nor as planned: somebody else changed it too.";
  return { state: "unknown", outcome: { ...outcome, says, after: now, asPlanned: false } };
}

/** Waits before each look after an answer that did not come. */
const WAITS_MS = [0, 2_000, 5_000];

/** The object as it is now; undefined when Anthropic could not be asked. */
async function readBack(
  { live }: ChangeWorld,
  { look }: StepDraft,
  made: JsonObject | null,
): Promise<JsonObject | null | undefined> {
  try {
    return await lookAt(live, look, made);
  } catch (thrown) {
    if (isFailure(thrown)) return undefined;
    throw thrown;
  }
}

/** Whether it is as the plan says. An invite that was withdrawn may still be there, and says so. */
function isAfter(now: JsonObject | null, after: JsonObject | null): boolean {
  if (after === null) return now === null || now["status"] === "deleted";
  return now !== null && hasAll(now, after);
}

function isSame(now: JsonObject | null, before: JsonObject | null): boolean {
  return canonicalJson(now) === canonicalJson(before);
}

function notSent(failure: Failure): KeptStep {
  return {
    state: "refused",
    outcome: {
      how: "not_sent",
      says: `${failure.message} ${failure.hint}`,
      status: null,
      code: failure.code,
      requestId: null,
      after: null,
      asPlanned: null,
    },
  };
}

/** Reads again what the change was about, so that the record follows; where a sync is under way, the next one does. */
async function rereadLists(
  context: OperationContext,
  { kind, organization }: ReadOrder,
): Promise<KeptOutcome["reread"]> {
  if (kind.lists.length === 0) return null;
  try {
    const connection = organization.connection.name;
    const { outcome } = await syncConnections(context, { connection, streams: kind.lists });
    return outcome === "complete" ? "done" : "with_next_sync";
  } catch (thrown) {
    if (isFailure(thrown)) return "with_next_sync";
    throw thrown;
  }
}

interface StepTold {
  readonly step: StepDraft;
  readonly at: number;
  readonly of: number;
  readonly result: KeptStep;
}

/** What became of one step, with before and after, in the ledger. */
export async function leaveStep(
  context: OperationContext,
  row: ChangeRow,
  { step, at, of, result }: StepTold,
): Promise<void> {
  const { target, before } = step;
  const { outcome, state } = result;
  await appendAudit(await context.effects(), context.scope, {
    event: `change.${state}`,
    change: row.changeId,
    kind: step.kind,
    ...(of === 1 ? {} : { step: at + 1, of }),
    target: target.kind,
    target_id: target.id ?? idIn(outcome?.after ?? null),
    before: forLedger(before, target.kind),
    after: forLedger(outcome?.after ?? null, target.kind),
    as_planned: outcome?.asPlanned ?? null,
    how: outcome?.how ?? null,
    status: outcome?.status ?? null,
    code: outcome?.code ?? null,
    request_id: outcome?.requestId ?? null,
  });
}

function idIn(state: JsonObject | null): string | null {
  return typeof state?.["id"] === "string" ? state["id"] : null;
}

/** Before a step is sent, so that one that is cut off is known for what it is. */
async function noteExecuting({ store, scope }: OperationContext, { changeId }: ChangeRow, steps: readonly KeptStep[]) {
  const outcome = asJson({ steps, reread: null, check: null });
  await store.write((tx) => noteChange(tx, scope, changeId, { state: "executing", outcome, endedMs: null }));
}

/** Keeps how the whole ended; of a series a leaf says so too. */
export async function endChange(context: OperationContext, row: ChangeRow, outcome: KeptOutcome): Promise<void> {
  const { scope, clock } = context;
  const effects = await context.effects();
  const state = stateOfAll(outcome.steps);
  await writeAudited(effects, scope, async (tx, leave) => {
    await noteChange(tx, scope, row.changeId, { state, outcome: asJson(outcome), endedMs: clock.now() });
    const isSeries = outcome.steps.length > 1;
    const isNothingSent = outcome.steps.every(({ outcome: one }) => one?.how === "not_sent");
    if (isSeries || isNothingSent)
      await leave({
        event: `change.${isSeries ? "series_ended" : "refused"}`,
        change: row.changeId,
        state,
        steps: outcome.steps.map((step) => step.state),
        code: outcome.steps[0]?.outcome?.code ?? null,
        is_clean: outcome.check?.isClean ?? null,
      });
  });
  // What was done at Anthropic is worth a signature of its own; without one the next sync signs it.
  await publishCheckpoint(effects, scope).catch((thrown: unknown) => {
    if (!isFailure(thrown)) throw thrown;
  });
}

/** Of several steps the whole: done when all are, partial when only some are. */
export function stateOfAll(steps: readonly KeptStep[]): "done" | "partial" | "refused" | "unknown" {
  const states = new Set(steps.map(({ state }) => state));
  if (states.size === 1 && states.has("done")) return "done";
  if (states.has("done")) return "partial";
  return states.has("unknown") || states.has("executing") ? "unknown" : "refused";
}
