import { Failure } from "../../domain/index.ts";
import { memberOf, type ChangeWorld, type Member } from "./change-world.ts";
import { isAdminRole } from "./own-role.ts";

/**
 * Keeps the organization from losing its last admin. Asked live: the record may be hours old.
 *
 * @throws Failure `changes.last_admin`
 */
export async function refuseLastAdmin({ live }: ChangeWorld, member: Member): Promise<void> {
  const admins = (await live.list("/users")).map(memberOf).filter(({ role }) => isAdminRole(role));
  if (!admins.some(({ id }) => id !== member.id)) throw new Failure("changes.last_admin");
}
