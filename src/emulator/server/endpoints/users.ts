import type { Directory, User } from "../../world/types.ts";
import type { Context } from "../endpoint.ts";
import { defineEndpoint } from "../endpoint.ts";
import { ID_PAGING, pageById } from "../paging.ts";
import { badField, notFound, Problem } from "../problem.ts";

export const CONSOLE_ROLES = ["user", "developer", "billing", "admin", "claude_code_user"] as const;
export const ASSIGNABLE_ROLES = ["user", "developer", "billing", "claude_code_user"] as const;

const PATH = "/v1/organizations/users";

export const userEndpoints = [
  defineEndpoint({
    name: "users",
    method: "GET",
    path: PATH,
    paging: "id",
    query: [...ID_PAGING, "email", "roles[]"],
    answer: ({ query, world }) => {
      const email = query.text("email");
      const roles: readonly string[] = query.choices("roles", CONSOLE_ROLES);
      const users = world.directory.users.filter(
        (user) =>
          (email === undefined || mailbox(user.email) === mailbox(email)) &&
          (roles.length === 0 || roles.includes(user.role)),
      );
      return pageById(newestFirst(users), query, (user) => user.id);
    },
  }),
  defineEndpoint({
    name: "users",
    method: "GET",
    path: `${PATH}/{user_id}`,
    answer: ({ at, world }) => findUser(world.directory, at["user_id"]),
  }),
  defineEndpoint({
    name: "users",
    method: "POST",
    path: `${PATH}/{user_id}`,
    answer: updateRole,
  }),
  defineEndpoint({
    name: "users",
    method: "DELETE",
    path: `${PATH}/{user_id}`,
    answer: removeUser,
  }),
];

/** @throws Problem 404 when nobody in the organization has this id. */
export function findUser(directory: Directory, id: string | undefined): User {
  const user = directory.users.find((candidate) => candidate.id === id);
  if (user === undefined) throw notFound("User not found");
  return user;
}

/** Lower case, without a plus tag: the form in which the e-mail filter compares. */
export function mailbox(email: string): string {
  return email
    .trim()
    .toLowerCase()
    .replace(/\+[^@]*@/, "@");
}

function newestFirst(users: readonly User[]): User[] {
  return [...users].sort((a, b) => (a.added_at < b.added_at ? 1 : a.added_at > b.added_at ? -1 : a.id < b.id ? -1 : 1));
}

function updateRole({ at, body, world }: Context): User {
  body.allow(["role"]);
  const role = body.requiredChoice("role", ASSIGNABLE_ROLES);
  const user = findUser(world.directory, at["user_id"]);
  if (user.role === "admin") throw badField("role", "The role of an admin cannot be changed through the API");
  user.role = role;
  return user;
}

/**
 * Removes a person. Keys they made go on working; only the keys that act as them, and those minted for Claude Code,
 * die with the membership.
 */
function removeUser({ at, world }: Context): unknown {
  const { directory } = world;
  const user = findUser(directory, at["user_id"]);
  if (directory.users.length === 1) {
    throw new Problem(400, "The last member of an organization cannot be removed", {
      code: "cannot_remove_last_member",
    });
  }
  if (user.role === "admin") throw new Problem(400, "Admins cannot be removed through the API");
  directory.users = directory.users.filter((other) => other !== user);
  directory.removedUsers.push(user);
  directory.members = directory.members.filter((member) => member.user_id !== user.id);
  const claudeCode = directory.workspaces.find((workspace) => workspace.name === "Claude Code");
  for (const key of directory.apiKeys) {
    const actsAsUser = key.principal?.type === "user_actor" && key.principal.user_id === user.id;
    const minted =
      key.created_by?.id === user.id &&
      key.scope.type === "workspace" &&
      claudeCode !== undefined &&
      key.scope.workspace_id === claudeCode.id;
    if (actsAsUser || minted) key.status = "archived";
  }
  return { id: user.id, type: "user_deleted" };
}
