import type { ChangeShown } from "../operations/index.ts";
import { shown } from "./text.ts";

/** A change as a person reads it before they decide, or afterwards. */
export function changeText(change: ChangeShown): string {
  const { id, title, state, organization, plannedBy, expiresAt, decision, steps, check } = change;
  const lines = [
    `${title} (${id})`,
    `  state          ${state}`,
    `  organization   ${shown(organization)}`,
    `  planned by     ${shown(plannedBy.name ?? plannedBy.by)}, counts until ${expiresAt}`,
    ...(decision === null
      ? []
      : [
          `  decided        ${decision.answer} by ${shown(decision.name ?? decision.by)} (${decision.how}), ${decision.at}`,
        ]),
    ...(change.isOwn ? ["  It is about your own membership."] : []),
    ...steps.flatMap((step) => ["", ...stepLines(step)]),
    ...(check === null ? [] : ["", check.isClean ? "Looked at again: nothing is left." : "Looked at again; left are:"]),
    ...(check?.left ?? []).map((one) => `  - ${shown(one)}`),
  ];
  return `${lines.join("\n")}\n`;
}

function stepLines({
  title,
  target,
  request,
  before,
  after,
  consequences,
  isReversible,
  outcome,
}: ChangeShown["steps"][number]) {
  const body = request.body === null ? "" : ` ${JSON.stringify(request.body)}`;
  return [
    `${title}${target.name === null ? "" : `: ${shown(target.name)}`}`,
    `  request        ${request.method} ${request.path}${shown(body, 2000)}`,
    `  before         ${stateText(before)}`,
    `  after          ${stateText(after)}`,
    ...consequences.map((says) => `  - ${shown(says, 2000)}`),
    ...(isReversible ? [] : ["  - It cannot be taken back."]),
    ...(outcome === null ? [] : [`  outcome        ${shown(outcome.says, 600)}`]),
  ];
}

function stateText(state: Readonly<Record<string, unknown>> | null): string {
  return state === null ? "nothing" : shown(JSON.stringify(state), 2000);
}
