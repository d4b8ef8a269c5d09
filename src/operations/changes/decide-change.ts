import { Failure, isFailure, type Json } from "../../domain/index.ts";
import { decideChange, findChange, type ChangeRow } from "../../store/index.ts";
import { appendAudit, writeAudited } from "../../sync/index.ts";
import type { OperationContext } from "../context.ts";
import { organizationChosen, withWorld } from "./change-world.ts";
import { asJson, digestOf, planOf, stateAt, type KeptDecision } from "./kept-plan.ts";
import { requireMayGive } from "./own-role.ts";
import { showChange } from "./show-change.ts";
import type { ChangeShown } from "./shapes.ts";
import { requireWrites } from "./writes.ts";

/** @throws Failure `access.unknown` */
export async function changeNamed({ store, scope }: OperationContext, id: string): Promise<ChangeRow> {
  const row = await store.read((tx) => findChange(tx, scope, id));
  if (row === null) throw new Failure("access.unknown", { what: "change" });
  return row;
}

/**
 * Notes that a person approves of a planned change, as it stands. Whoever approves answers for it like whoever planned
 * it: they may give no role above their own either.
 *
 * @throws Failure `changes.person_needed` for whatever is no person, `changes.decided`, `changes.above_own_role`
 */
export async function approve(context: OperationContext, id: string): Promise<ChangeShown> {
  requireWrites(context);
  const effects = await context.effects();
  const row = await changeNamed(context, id);
  const how = howAsked(context);
  const leave = (reason: string) =>
    appendAudit(effects, context.scope, { event: "change.approval_refused", change: id, reason });
  if (how === null) {
    await leave("no_person");
    throw new Failure("changes.person_needed", { id });
  }
  requireOpen(row, "approve", context);
  const given = planOf(row).steps.flatMap(({ gives }) => gives ?? []);
  if (given.length > 0) {
    const organization = await organizationChosen(context, row.organizationId);
    await withWorld(context, organization, async (world) => {
      for (const gives of given) await requireMayGive(world, gives);
    }).catch(async (thrown: unknown) => {
      if (isFailure(thrown, "changes.above_own_role")) await leave(thrown.code);
      throw thrown;
    });
  }
  return decide(context, row, { answer: "approved", how });
}

/**
 * Calls a change off that was not begun. Whoever may manage changes may do it, a program too.
 *
 * @throws Failure `changes.decided`
 */
export async function decline(context: OperationContext, id: string): Promise<ChangeShown> {
  requireWrites(context);
  const row = await changeNamed(context, id);
  requireOpen(row, "decline", context);
  return decide(context, row, { answer: "declined", how: howAsked(context) ?? "program" });
}

async function decide(
  context: OperationContext,
  row: ChangeRow,
  { answer, how }: Pick<KeptDecision, "answer" | "how">,
): Promise<ChangeShown> {
  const { scope, caller, clock } = context;
  const decision: KeptDecision = { answer, how, by: scope.principal, name: caller.name, atMs: clock.now() };
  const kept: Json = asJson(decision);
  const decided = await writeAudited(await context.effects(), scope, async (tx, leave) => {
    const isFirst = await decideChange(tx, scope, row.changeId, { state: answer, decision: kept, nowMs: clock.now() });
    if (isFirst)
      await leave({ event: `change.${answer}`, change: row.changeId, how, plan_sha256: digestOf(planOf(row)) });
    return isFirst;
  });
  const now = await changeNamed(context, row.changeId);
  if (!decided) throw new Failure("changes.decided", { state: stateAt(now, clock.now()) });
  return showChange(now, context);
}

/**
 * How a person said it: on the dashboard with their own session, or as the surface that asked them saw. A token, an
 * assistant, or a program of the operator is no person.
 */
function howAsked({ caller, personAnswered }: OperationContext): Exclude<KeptDecision["how"], "program"> | null {
  if (personAnswered !== undefined) return personAnswered;
  return caller.kind === "account" && caller.sessionId !== undefined ? "dashboard" : null;
}

function requireOpen(row: ChangeRow, to: "approve" | "decline", { clock }: OperationContext): void {
  const state = stateAt(row, clock.now());
  if (state === "planned" || (state === "approved" && to === "decline")) return;
  throw new Failure("changes.decided", { state });
}
