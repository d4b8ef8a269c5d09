import { Failure } from "../../domain/index.ts";
import type { ChangeWorld, Member } from "./change-world.ts";
import type { GivenRole } from "./define-change.ts";

/** From the least to the most; roles of Claude Enterprise stand beside those of the Console that they are like. */
const ORGANIZATION_ROLES: Readonly<Record<string, number>> = {
  user: 0,
  managed: 0,
  claude_code_user: 1,
  developer: 2,
  billing: 3,
  membership_admin: 4,
  admin: 4,
  owner: 5,
  primary_owner: 6,
};

const WORKSPACE_ROLES: Readonly<Record<string, number>> = {
  workspace_user: 0,
  workspace_restricted_developer: 1,
  workspace_developer: 2,
  workspace_billing: 3,
  workspace_admin: 4,
};

/** Whoever is no member themselves acts as one of these at most. */
const STRANGER = { organization: "developer", workspace: "workspace_developer" } as const;

/** What an organization role is in every workspace of it, without being added there. */
const INHERITED: Readonly<Record<string, string>> = {
  developer: "workspace_developer",
  billing: "workspace_billing",
  membership_admin: "workspace_admin",
  admin: "workspace_admin",
  owner: "workspace_admin",
  primary_owner: "workspace_admin",
};

/** Whether the role administers the organization: such members are not changed or removed through the API. */
export function isAdminRole(role: string): boolean {
  return (ORGANIZATION_ROLES[role] ?? 0) >= 4;
}

/**
 * Nobody raises anyone above their own role at Anthropic. An operator may do whatever the API allows; `admin` is never
 * given through it.
 *
 * @throws Failure `changes.above_own_role`
 */
export async function requireMayGive(world: ChangeWorld, given: GivenRole): Promise<void> {
  if (world.context.caller.kind === "operator") return;
  const ranks = given.where === "organization" ? ORGANIZATION_ROLES : WORKSPACE_ROLES;
  // A role that we do not know may be anything.
  const wanted = ranks[given.role] ?? Infinity;
  const from = given.from === null ? -1 : (ranks[given.from] ?? Infinity);
  if (wanted <= from) return;
  const own = await ownRole(world, given);
  if (wanted > (ranks[own] ?? 0)) throw new Failure("changes.above_own_role", { role: given.role, own });
}

async function ownRole(world: ChangeWorld, given: GivenRole): Promise<string> {
  const self = await world.self();
  if (self === null) return STRANGER[given.where];
  return given.where === "organization" ? self.role : roleInWorkspace(world, self, given.workspaceId);
}

/** The higher of what the organization role is there, and what the caller was made there. */
async function roleInWorkspace({ live }: ChangeWorld, { id, role }: Member, workspaceId: string): Promise<string> {
  const inherited = INHERITED[role] ?? "workspace_user";
  const there = (await live.find(`/workspaces/${workspaceId}/members/${id}`))?.["workspace_role"];
  const rank = (one: unknown) => (typeof one === "string" ? (WORKSPACE_ROLES[one] ?? 0) : -1);
  return typeof there === "string" && rank(there) > rank(inherited) ? there : inherited;
}
