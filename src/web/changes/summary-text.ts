import { formatInstant } from "../format/index.ts";
import type { Output } from "../client/index.ts";
import { ASKED, changeWords, STATES, STEP_STATES, targetWords, THROUGH } from "./words.ts";

/** A change as a text to keep: who, what, what became of it, and where the ledger tells of it. */
export function summaryText(change: Output<"getChange">): string {
  const { id, title, state, organization, plannedBy, plannedAt, decision, endedAt, steps, check, leaves } = change;
  const lines = [
    `${title} (${id})`,
    `State: ${STATES[state].label}`,
    `Organization: ${organization}`,
    `Planned: ${formatInstant(plannedAt)} by ${plannedBy.name ?? plannedBy.by}, ${THROUGH[plannedBy.through]}`,
    decision === null
      ? "Decided: by nobody"
      : `Decided: ${decision.answer} ${formatInstant(decision.at)} by ${decision.name ?? decision.by}, ${ASKED[decision.how]}`,
    ...(endedAt === null ? [] : [`Ended: ${formatInstant(endedAt)}`]),
    "",
    ...steps.flatMap((step, at) => [
      `${at + 1}. ${step.title}: ${targetWords(step)}`,
      `   ${STEP_STATES[step.state].label}. ${step.outcome?.says ?? "Nothing was sent."}`,
      `   ${changeWords(step)}`,
      `   ${step.request.method} ${step.request.path}${
        step.outcome?.requestId == null ? "" : ` (request ${step.outcome.requestId})`
      }`,
    ]),
    ...(check === null
      ? []
      : ["", check.isClean ? "Looked at again afterwards: nothing is left." : "Looked at again afterwards; left:"]),
    ...(check?.left ?? []).map((one) => `- ${one}`),
    "",
    `Leaves of the ledger: ${leaves.length === 0 ? "see the audit trail" : leaves.map(({ index, event }) => `${index} (${event})`).join(", ")}`,
  ];
  return `${lines.join("\n")}\n`;
}
