import type { MembershipRow } from "../store/index.ts";
import { permissionsOf } from "./caller.ts";
import type { Caller, Permission, Role } from "./permission.ts";

/** Everybody has it about themselves; granting it gives nobody more. */
const FREE: readonly Permission[] = ["own"];

/**
 * Whether a caller may give this role, or take it: only what they may themselves. So nobody is raised above whoever
 * does it, and a token raises nobody above its scopes.
 */
export function mayGrant(caller: Caller, role: Role, people: boolean): boolean {
  return [...permissionsOf(role, people)].every(
    (permission) => FREE.includes(permission) || caller.permissions.has(permission),
  );
}

/** Whether an admin would be left if this member became what `next` says. */
export function leavesAnAdmin(members: readonly MembershipRow[], next: MembershipRow): boolean {
  const isAdmin = ({ role, disabled }: MembershipRow) => role === "admin" && !disabled;
  const before = members.find(({ accountId }) => accountId === next.accountId);
  if (before === undefined || !isAdmin(before) || isAdmin(next)) return true;
  return members.some((member) => member.accountId !== next.accountId && isAdmin(member));
}
