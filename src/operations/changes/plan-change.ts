import type { z } from "zod";

import { Failure, isFailure } from "../../domain/index.ts";
import { canonicalJson } from "../../ledger/index.ts";
import { insertChange, type ChangeRow } from "../../store/index.ts";
import { appendAudit, writeAudited } from "../../sync/index.ts";
import type { OperationContext } from "../context.ts";
import { organizationChosen, withWorld, type ChangeWorld, type OrganizationChosen } from "./change-world.ts";
import { boundTo, CONFIRMATION_MS, newConfirmation } from "./confirmation.ts";
import type { ChangeKind, StepDraft } from "./define-change.ts";
import { asJson, digestOf, forLedger, type KeptPlan } from "./kept-plan.ts";
import { changeKinds } from "./kinds/index.ts";
import { requireMayGive } from "./own-role.ts";
import { refuseProtected } from "./protected.ts";
import { sendable } from "./sendable.ts";
import { showChange } from "./show-change.ts";
import type { plannedChange } from "./shapes.ts";
import { requireWrites } from "./writes.ts";

/** Which change is meant, as a caller says it. */
export interface ChangeOrder {
  readonly kind: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly organization?: string | undefined;
}

/** The same, read: of a known kind, about one organization, with arguments that fit. */
export interface ReadOrder {
  readonly kind: ChangeKind;
  readonly input: z.output<z.ZodObject>;
  readonly organization: OrganizationChosen;
  /** Canonical: equal orders are equal texts. */
  readonly text: string;
}

/**
 * The dry run: reads what there is, says what would be sent and what would follow, and keeps it for a person to decide.
 * Nothing is sent that changes anything.
 *
 * @throws Failure `changes.*`, `input.*`, `source.*`
 */
export async function planChange(
  context: OperationContext,
  order: ChangeOrder,
): Promise<z.output<typeof plannedChange>> {
  requireWrites(context);
  const effects = await context.effects();
  const { scope, caller, clock, random } = context;
  const read = await readOrder(context, order);
  const { kind, organization } = read;
  const steps = await withWorld(context, organization, (world) => guardedSteps(world, read)).catch(
    async (thrown: unknown) => {
      if (isFailure(thrown, ...GUARDS))
        await appendAudit(effects, scope, {
          event: "change.plan_refused",
          kind: kind.name,
          organization_id: organization.id,
          reason: thrown.code,
        });
      throw thrown;
    },
  );
  const plan: KeptPlan = {
    title: steps.length === 1 ? steps[0]!.title : kind.title,
    organization: organization.name,
    connection: organization.connection.name,
    steps,
    salt: random.bytes(16).toString("hex"),
  };
  const confirmation = newConfirmation(random);
  const now = clock.now();
  const row: ChangeRow = {
    changeId: confirmation.changeId,
    kind: kind.name,
    state: "planned",
    organizationId: organization.id,
    connectionId: organization.connection.connectionId,
    plannedBy: scope.principal,
    plannedByName: caller.name,
    boundTo: boundTo(context),
    secretHash: confirmation.secretHash,
    arguments: read.text,
    plan: asJson(plan),
    decision: null,
    outcome: null,
    plannedMs: now,
    expiresMs: now + CONFIRMATION_MS,
    startedMs: null,
    endedMs: null,
  };
  await writeAudited(effects, scope, async (tx, leave) => {
    await insertChange(tx, scope, row);
    await leave({
      event: "change.planned",
      change: row.changeId,
      kind: kind.name,
      organization_id: organization.id,
      plan_sha256: digestOf(plan),
      steps: steps.map(stepForLedger),
    });
  });
  return { change: showChange(row, context), confirmation: confirmation.text, page: `/changes/${row.changeId}` };
}

/** Attempts at what nobody may do are recorded; what merely cannot be done is not. */
const GUARDS = ["changes.above_own_role", "changes.last_admin", "changes.protected"] as const;

/** What a step would do, as the ledger tells it. */
export function stepForLedger({ kind, target, request, before, after }: StepDraft) {
  return {
    kind,
    target: target.kind,
    target_id: target.id,
    method: request.method,
    path: request.path,
    before: forLedger(before, target.kind),
    after: forLedger(after, target.kind),
  };
}

/**
 * Reads an order by its kind's own schema.
 *
 * @throws Failure `input.unknown_value`, `input.invalid` naming the argument; as `organizationChosen`
 */
export async function readOrder(context: OperationContext, order: ChangeOrder): Promise<ReadOrder> {
  const kind = changeKinds.find(({ name }) => name === order.kind);
  if (kind === undefined) {
    const choices = changeKinds.map(({ name }) => name).join(", ");
    throw new Failure("input.unknown_value", { field: "kind", value: order.kind, choices });
  }
  const parsed = kind.input.safeParse(order.arguments);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Failure("input.invalid", {
      field: ["arguments", ...(issue?.path ?? [])].join("."),
      problem: issue?.message ?? "cannot be read",
      remedy: "Correct it and try again.",
    });
  }
  const organization = await organizationChosen(context, order.organization);
  const text = canonicalJson({
    arguments: sendable(parsed.data),
    kind: kind.name,
    organization_id: organization.id,
  });
  return { kind, input: parsed.data, organization, text };
}

/**
 * The steps of an order, as far as they may be taken at all: nobody is raised above whoever orders it, and nothing that
 * is protected is touched.
 *
 * @throws Failure `changes.*`
 */
export async function guardedSteps(world: ChangeWorld, { kind, input }: ReadOrder): Promise<readonly StepDraft[]> {
  const steps = await kind.plan(world, input);
  await refuseProtected(world.context, steps);
  for (const { gives } of steps) if (gives !== null) await requireMayGive(world, gives);
  return steps;
}
