import type { Directory, WorkspaceMember } from "../../world/types.ts";
import type { Context } from "../endpoint.ts";
import { defineEndpoint } from "../endpoint.ts";
import { ID_PAGING, pageById } from "../paging.ts";
import { badField, notFound, Problem } from "../problem.ts";
import { findUser } from "./users.ts";
import { findOpenWorkspace, findWorkspace } from "./workspaces.ts";

const PATH = "/v1/organizations/workspaces/{workspace_id}/members";
const ROLES = ["workspace_user", "workspace_restricted_developer", "workspace_developer", "workspace_admin"] as const;

export const memberEndpoints = [
  defineEndpoint({
    name: "workspace_members",
    method: "GET",
    path: PATH,
    paging: "id",
    query: ID_PAGING,
    answer: ({ at, query, world }) => {
      const workspace = findWorkspace(world.directory, at["workspace_id"]);
      const members = world.directory.members.filter((member) => member.workspace_id === workspace.id);
      return pageById(members, query, (member) => member.user_id);
    },
  }),
  defineEndpoint({
    name: "workspace_members",
    method: "GET",
    path: `${PATH}/{user_id}`,
    answer: ({ at, world }) => findMember(world.directory, at),
  }),
  defineEndpoint({ name: "workspace_members", method: "POST", path: PATH, answer: addMember }),
  defineEndpoint({ name: "workspace_members", method: "POST", path: `${PATH}/{user_id}`, answer: updateMember }),
  defineEndpoint({ name: "workspace_members", method: "DELETE", path: `${PATH}/{user_id}`, answer: removeMember }),
];

function addMember({ at, body, world }: Context): WorkspaceMember {
  body.allow(["user_id", "workspace_role"]);
  const userId = body.requiredText("user_id");
  const role = body.requiredChoice("workspace_role", ROLES);
  const { directory } = world;
  const workspace = findOpenWorkspace(directory, at["workspace_id"]);
  if (workspace.id === directory.defaultWorkspaceId) {
    throw new Problem(400, "The default workspace has no member list");
  }
  const user = findUser(directory, userId);
  if (directory.members.some((member) => member.workspace_id === workspace.id && member.user_id === user.id)) {
    throw badField("user_id", "This person is already a member of the workspace");
  }
  const member: WorkspaceMember = {
    type: "workspace_member",
    workspace_id: workspace.id,
    user_id: user.id,
    workspace_role: role,
  };
  directory.members.push(member);
  return member;
}

function updateMember({ at, body, world }: Context): WorkspaceMember {
  body.allow(["workspace_role"]);
  const role = body.requiredChoice("workspace_role", [...ROLES, "workspace_billing"]);
  const { directory } = world;
  findOpenWorkspace(directory, at["workspace_id"]);
  const member = findMember(directory, at);
  const organizationRole = directory.users.find((user) => user.id === member.user_id)?.role;
  if (organizationRole === "admin" && role !== "workspace_admin") {
    throw badField("workspace_role", "An organization admin is workspace_admin everywhere");
  }
  if (organizationRole === "billing" && role !== "workspace_admin" && role !== "workspace_billing") {
    throw badField("workspace_role", "The inherited billing role can only be raised to workspace_admin");
  }
  if (organizationRole !== "billing" && role === "workspace_billing") {
    throw badField("workspace_role", "workspace_billing is inherited from the organization role only");
  }
  member.workspace_role = role;
  return member;
}

function removeMember({ at, world }: Context): unknown {
  const { directory } = world;
  findOpenWorkspace(directory, at["workspace_id"]);
  const member = findMember(directory, at);
  const organizationRole = directory.users.find((user) => user.id === member.user_id)?.role;
  if (organizationRole === "admin" || organizationRole === "billing") {
    throw new Problem(400, "A membership inherited from the organization role cannot be removed");
  }
  directory.members = directory.members.filter((other) => other !== member);
  return { type: "workspace_member_deleted", workspace_id: member.workspace_id, user_id: member.user_id };
}

function findMember(directory: Directory, at: Context["at"]): WorkspaceMember {
  const workspace = findWorkspace(directory, at["workspace_id"]);
  const member = directory.members.find(
    (candidate) => candidate.workspace_id === workspace.id && candidate.user_id === at["user_id"],
  );
  if (member === undefined) throw notFound("Workspace member not found");
  return member;
}
