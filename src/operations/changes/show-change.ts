import type { JsonObject } from "../../domain/index.ts";
import { shown } from "../../domain/index.ts";
import type { ChangeRow } from "../../store/index.ts";
import type { OperationContext } from "../context.ts";
import type { Consequence, StepDraft } from "./define-change.ts";
import { doorOf } from "./confirmation.ts";
import { decisionOf, outcomeOf, planOf, stateAt, type KeptStep } from "./kept-plan.ts";
import type { ChangeShown, StepShown } from "./shapes.ts";

const HIDDEN = "(hidden)";
/** Named in one consequence; the rest by their number. */
const MOST_ABOUT = 20;

/** A change as a caller may see it. */
export function showChange(row: ChangeRow, { scope, clock }: Pick<OperationContext, "scope" | "clock">): ChangeShown {
  const isNamed = scope.privacy.mode === "named";
  const plan = planOf(row);
  const decision = decisionOf(row);
  const outcome = outcomeOf(row);
  const hide = <T extends JsonObject | null>(state: T): T => (isNamed || state === null ? state : hidden(state));
  return {
    id: row.changeId,
    kind: row.kind,
    title: plan.title,
    state: stateAt(row, clock.now()),
    organizationId: row.organizationId,
    organization: plan.organization,
    connection: plan.connection,
    arguments: hide((JSON.parse(row.arguments) as { readonly arguments: JsonObject }).arguments),
    isOwn: plan.steps.some(({ isOwn }) => isOwn),
    steps: plan.steps.map((step, at) => stepShown(step, outcome.steps[at], { isNamed, hide })),
    plannedBy: { by: row.plannedBy, name: isNamed ? row.plannedByName : null, through: plannedThrough(row) },
    plannedAt: instant(row.plannedMs),
    expiresAt: instant(row.expiresMs),
    decision: decision && {
      answer: decision.answer,
      how: decision.how,
      by: decision.by,
      name: isNamed ? decision.name : null,
      at: instant(decision.atMs),
    },
    startedAt: row.startedMs === null ? null : instant(row.startedMs),
    endedAt: row.endedMs === null ? null : instant(row.endedMs),
    reread: outcome.reread,
    check: outcome.check && { isClean: outcome.check.isClean, left: [...outcome.check.left] },
  };
}

/** A person on the dashboard holds the confirmation in their page; whoever else planned it waits for a person. */
function plannedThrough({ plannedBy, boundTo }: ChangeRow): ChangeShown["plannedBy"]["through"] {
  if (doorOf(boundTo) === "mcp") return "assistant";
  if (plannedBy.startsWith("account:")) return "dashboard";
  return plannedBy.includes(":") ? "program" : "terminal";
}

interface Showing {
  readonly isNamed: boolean;
  hide<T extends JsonObject | null>(state: T): T;
}

function stepShown(step: StepDraft, kept: KeptStep | undefined, { isNamed, hide }: Showing): StepShown {
  // A workspace's name is nobody's.
  const isNameSeen = isNamed || step.target.kind === "workspace" || step.target.kind === "rate_limit";
  const outcome = kept?.outcome ?? null;
  return {
    kind: step.kind,
    title: step.title,
    target: { ...step.target, name: isNameSeen ? step.target.name : null },
    request: { ...step.request, body: hide(step.request.body) },
    before: hide(step.before),
    after: hide(step.after),
    consequences: step.consequences.map((one) => consequenceText(one, isNamed)),
    isReversible: step.isReversible,
    state: kept?.state ?? "planned",
    outcome: outcome && { ...outcome, after: hide(outcome.after) },
  };
}

/** In a sentence or two; what it is about with names for who may see them, else by id. */
function consequenceText({ says, about = [] }: Consequence, isNamed: boolean): string {
  if (about.length === 0) return says;
  const named = about.slice(0, MOST_ABOUT).map(({ id, name, note }) => {
    const text = isNamed && name !== null ? `${JSON.stringify(shown(name, 80))} (${id})` : id;
    return note === undefined ? text : `${text}, ${note}`;
  });
  const more = about.length > MOST_ABOUT ? `; and ${about.length - MOST_ABOUT} more` : "";
  return `${says}: ${named.join("; ")}${more}.`;
}

/** Addresses and names of people and keys give way; ids, roles and states stay. */
function hidden<T extends JsonObject>(state: T): T {
  const told = Object.entries(state).map(([name, value]) => [
    name,
    typeof value === "string" && (name === "email" || (name === "name" && !("archived" in state))) ? HIDDEN : value,
  ]);
  return Object.fromEntries(told) as T;
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
