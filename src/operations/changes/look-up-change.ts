import { Failure } from "../../domain/index.ts";
import type { OperationContext } from "../context.ts";
import { organizationChosen, withWorld } from "./change-world.ts";
import { changeNamed } from "./decide-change.ts";
import { outcomeOf, planOf } from "./kept-plan.ts";
import { endChange, leaveStep, lookUp } from "./run-steps.ts";
import { showChange } from "./show-change.ts";
import type { ChangeShown } from "./shapes.ts";
import { requireWrites } from "./writes.ts";

/** Longer than sending, waiting and looking take: what is still said to be under way then was cut off. */
const CUT_OFF_MS = 3 * 60_000;

/**
 * Looks up what became of a change whose outcome is not known, or whose execution was cut off. Sends nothing.
 *
 * @throws Failure `changes.decided` for one whose outcome is known, or which may still be under way
 */
export async function lookUpChange(context: OperationContext, id: string): Promise<ChangeShown> {
  requireWrites(context);
  const row = await changeNamed(context, id);
  const kept = outcomeOf(row);
  const isOpen = kept.steps.some(({ state }) => state === "unknown" || state === "executing");
  const isCutOff = row.state === "executing" && context.clock.now() - (row.startedMs ?? 0) >= CUT_OFF_MS;
  if (!isCutOff && (row.state === "executing" || !isOpen)) throw new Failure("changes.decided", { state: row.state });
  const steps = [...kept.steps];
  const drafts = planOf(row).steps;
  const organization = await organizationChosen(context, row.organizationId);
  await withWorld(context, organization, async (world) => {
    for (const [at, step] of drafts.entries()) {
      const before = steps[at];
      // Of one that was cut off before its first step was noted, that step may have been sent.
      const wasCut = isCutOff && before?.state === "planned" && at === 0;
      if (before === undefined || (before.state !== "unknown" && before.state !== "executing" && !wasCut)) continue;
      const found = await lookUp(world, step, [0]);
      steps[at] = found;
      await leaveStep(context, row, { step, at, of: drafts.length, result: found });
    }
  });
  const settled = steps.map((step) => (step.state === "planned" ? { ...step, state: "not_begun" as const } : step));
  await endChange(context, row, { ...kept, steps: settled });
  return showChange(await changeNamed(context, id), context);
}
