/** The roles, and what each may, in a sentence. */
export const ROLES = [
  { value: "viewer", label: "Viewer", says: "sees figures of the whole organization" },
  { value: "analyst", label: "Analyst", says: "sees figures and exports them" },
  { value: "admin", label: "Administrator", says: "sets Bursar up: connections, people, settings, accounts" },
  { value: "auditor", label: "Auditor", says: "reads and proves everything, the audit trail too; changes nothing" },
] as const;

export type Role = (typeof ROLES)[number]["value"];

export function roleLabel(role: string): string {
  return ROLES.find(({ value }) => value === role)?.label ?? role;
}

export const PEOPLE_SAYS =
  "A right of its own, apart from the role: names of people, their pages, and who did what. Only who has it may give it.";

/** `Sees figures and exports them.` */
export function roleSays(role: Role): string {
  const says = ROLES.find(({ value }) => value === role)?.says ?? "";
  return `${says.charAt(0).toUpperCase()}${says.slice(1)}.`;
}
