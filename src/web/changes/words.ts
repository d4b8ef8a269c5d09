import type { Output } from "../client/index.ts";
import { sentenceCase } from "../directory/words.ts";

export type Change = Output<"listChanges">["rows"][number];
export type Step = Change["steps"][number];

interface StateWords {
  readonly label: string;
  readonly tone?: "good" | "attention" | "bad";
  /** Where it stands in the list of changes. */
  readonly group: "waiting" | "done" | "not_done";
}

export const STATES: Readonly<Record<Change["state"], StateWords>> = {
  planned: { label: "Waits for approval", tone: "attention", group: "waiting" },
  approved: { label: "Approved, not begun", tone: "attention", group: "waiting" },
  executing: { label: "Under way", tone: "attention", group: "waiting" },
  done: { label: "Done", tone: "good", group: "done" },
  partial: { label: "Done in part", tone: "bad", group: "done" },
  unknown: { label: "Not known", tone: "bad", group: "not_done" },
  refused: { label: "Refused", tone: "bad", group: "not_done" },
  declined: { label: "Declined", group: "not_done" },
  expired: { label: "Expired", group: "not_done" },
};

export const STEP_STATES: Readonly<Record<Step["state"], Pick<StateWords, "label" | "tone">>> = {
  planned: { label: "Planned" },
  not_begun: { label: "Not begun" },
  executing: { label: "Under way", tone: "attention" },
  done: { label: "Done", tone: "good" },
  refused: { label: "Refused", tone: "bad" },
  unknown: { label: "Not known", tone: "bad" },
};

/** `by an assistant`, behind a name. */
export const THROUGH: Readonly<Record<Change["plannedBy"]["through"], string>> = {
  dashboard: "on the dashboard",
  assistant: "through an assistant",
  program: "through a program",
  terminal: "at a terminal",
};

export const ASKED: Readonly<Record<NonNullable<Change["decision"]>["how"], string>> = {
  dashboard: "on the dashboard",
  terminal: "at a terminal",
  elicitation: "asked by their assistant",
  program: "by a program",
};

const FIELDS: Readonly<Record<string, string>> = {
  id: "Id",
  email: "E-mail",
  workspace_id: "Workspace",
  user_id: "Member",
  rate_limit_id: "Rate limit",
  display_color: "Colour",
  data_residency: "Where data is processed",
  expires_at: "Expires",
};

export function fieldWords(name: string): string {
  return FIELDS[name] ?? sentenceCase(name);
}

/** A value of an object at Anthropic, as text. */
export function valueWords(name: string, value: unknown): string {
  if (value === undefined || value === null) return "—";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "string") return JSON.stringify(value);
  return name.endsWith("role") || name === "status" ? sentenceCase(value) : value;
}

/** What of an object changes, member by member; of what is made or ended nothing, as all of it does. */
export function differences({ before, after }: Pick<Step, "before" | "after">): string[] {
  if (before === null || after === null) return [];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

/** What changes in a line: `Role: Developer → User`. */
export function changeWords({ before, after }: Step): string {
  if (before === null) return "Is made";
  if (after === null) return "Is ended";
  return differences({ before, after })
    .map((name) => `${fieldWords(name)}: ${valueWords(name, before[name])} → ${valueWords(name, after[name])}`)
    .join("; ");
}

/** A change by its title and whom or what it is about: of a series the person, else its first step's. */
export function headingOf({ title, steps }: Pick<Change, "title" | "steps">): string {
  const about = steps.find(({ target }) => target.kind === "user") ?? steps[0];
  const name = about === undefined ? "" : targetWords(about);
  return name === "" ? title : `${title}: ${name}`;
}

/** Whose or what: its name, else its id; of what does not exist yet its name alone. */
export function targetWords({ target }: Step): string {
  return target.name ?? target.id ?? "";
}
