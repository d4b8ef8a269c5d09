import type { Invite } from "../../world/types.ts";
import type { ReadableWorld } from "../other-organization.ts";
import type { Context } from "../endpoint.ts";
import { defineEndpoint } from "../endpoint.ts";
import { timestamp } from "../ids.ts";
import { ID_PAGING, pageById } from "../paging.ts";
import { badField, notFound, Problem } from "../problem.ts";
import { ASSIGNABLE_ROLES, CONSOLE_ROLES, mailbox } from "./users.ts";

const PATH = "/v1/organizations/invites";
const LIFETIME_MS = 21 * 86_400_000;

export const inviteEndpoints = [
  defineEndpoint({
    name: "invites",
    method: "GET",
    path: PATH,
    paging: "id",
    query: [...ID_PAGING, "email", "roles[]", "statuses[]"],
    answer: ({ query, world, now }) => {
      const email = query.text("email");
      const roles: readonly string[] = query.choices("roles", CONSOLE_ROLES);
      const statuses: readonly string[] = query.choices("statuses", ["pending", "accepted", "expired"]);
      const invites = world.directory.invites
        .map((invite) => asOf(invite, now))
        .filter(
          (invite) =>
            invite.status !== "deleted" &&
            (email === undefined || mailbox(invite.email) === mailbox(email)) &&
            (roles.length === 0 || roles.includes(invite.role)) &&
            (statuses.length === 0 || statuses.includes(invite.status)),
        )
        .sort((a, b) => (a.invited_at < b.invited_at ? 1 : a.invited_at > b.invited_at ? -1 : a.id < b.id ? -1 : 1));
      return pageById(invites, query, (invite) => invite.id);
    },
  }),
  defineEndpoint({
    name: "invites",
    method: "GET",
    path: `${PATH}/{invite_id}`,
    answer: ({ at, world, now }) => asOf(findInvite(world, at["invite_id"]), now),
  }),
  defineEndpoint({
    name: "invites",
    method: "POST",
    path: PATH,
    limit: "invite_creation",
    answer: createInvite,
  }),
  defineEndpoint({
    name: "invites",
    method: "DELETE",
    path: `${PATH}/{invite_id}`,
    answer: ({ at, world, now }) => {
      const invite = findInvite(world, at["invite_id"]);
      if (asOf(invite, now).status !== "pending") throw new Problem(400, "Only a pending invite can be deleted");
      invite.status = "deleted";
      return { id: invite.id, type: "invite_deleted" };
    },
  }),
];

function createInvite({ body, world, now, newId }: Context): Invite {
  body.allow(["email", "role", "rbac_group_ids"]);
  const email = body.requiredText("email", { min: 3, max: 320 });
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) throw badField("email", "value is not a valid email address");
  const role = body.requiredChoice("role", ASSIGNABLE_ROLES);
  const groups = body.raw("rbac_group_ids");
  if (groups !== undefined && groups !== null && !(Array.isArray(groups) && groups.length === 0)) {
    throw badField("rbac_group_ids", "Groups exist only in Claude Enterprise organizations");
  }
  const { directory } = world;
  if (directory.users.some((user) => mailbox(user.email) === mailbox(email))) {
    throw new Problem(400, "email: This person is already a member of the organization", { code: "already_member" });
  }
  const open = directory.invites.find(
    (invite) => mailbox(invite.email) === mailbox(email) && asOf(invite, now).status === "pending",
  );
  if (open !== undefined) {
    throw new Problem(400, "email: A pending invite for this address exists", { code: "invite_already_exists" });
  }
  const invite: Invite = {
    id: newId("invite"),
    type: "invite",
    email,
    role,
    status: "pending",
    invited_at: timestamp(now),
    expires_at: timestamp(now + LIFETIME_MS),
    accepted_at: null,
    rbac_group_ids: [],
  };
  directory.invites.push(invite);
  return invite;
}

function findInvite(world: ReadableWorld, id: string | undefined): Invite {
  const invite = world.directory.invites.find((candidate) => candidate.id === id);
  if (invite === undefined) throw notFound("Invite not found");
  return invite;
}

/** A pending invite expires by itself. */
function asOf(invite: Invite, now: number): Invite {
  return invite.status === "pending" && Date.parse(invite.expires_at) <= now
    ? { ...invite, status: "expired" }
    : invite;
}
