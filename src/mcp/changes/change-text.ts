import type { ChangeShown } from "../../operations/index.ts";
import type { ApprovalQuestion } from "../tool-call.ts";

type Step = ChangeShown["steps"][number];

/** A change for whoever reads no structured content; what comes from outside stands as JSON, where it is data. */
export function changeText(change: ChangeShown, goOn: readonly string[]): string {
  const lines = change.steps.flatMap((step, at) => [
    `${change.steps.length > 1 ? `${at + 1}. ` : ""}${step.title}: ${stateOf(step, change)}`,
    ...toldOf(step),
    ...(step.outcome === null ? [] : [`Outcome: ${step.outcome.says}`]),
    ...(step.outcome === null || step.state === "refused" ? [] : [`Now: ${json(step.outcome.after)}`]),
  ]);
  return [...lines, ...goOn].join("\n");
}

/** What a person is asked: exactly what would be sent, and what would follow. */
export function questionOf(change: ChangeShown): ApprovalQuestion {
  return {
    title: `${change.title} at Anthropic (${change.organization})`,
    lines: [
      ...change.steps.flatMap((step) => [
        ...(change.steps.length > 1 ? [step.title] : []),
        ...(step.target.name === null ? [] : [`About: ${json(step.target.name)}`]),
        ...toldOf(step),
      ]),
      `Planned by ${change.plannedBy.name ?? change.plannedBy.by}. It is recorded that you decided.`,
    ],
  };
}

function stateOf(step: Step, change: ChangeShown): string {
  return step.outcome === null ? change.state : step.state;
}

function toldOf({ request, before, after, consequences, isReversible }: Step): string[] {
  return [
    `Request: ${request.method} ${request.path}${request.body === null ? "" : ` ${json(request.body)}`}`,
    `Before: ${json(before)}`,
    `After: ${json(after)}`,
    ...consequences.map((says) => `- ${says}`),
    ...(isReversible ? [] : ["- It cannot be taken back."]),
  ];
}

function json(value: unknown): string {
  return value === null ? "nothing" : JSON.stringify(value);
}
