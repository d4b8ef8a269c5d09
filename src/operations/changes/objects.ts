import { Failure, type JsonObject } from "../../domain/index.ts";
import { memberOf, type ChangeWorld, type Member } from "./change-world.ts";
import type { Look } from "./define-change.ts";
import { STATE_OF } from "./states.ts";
import { textOf } from "./json-members.ts";

/** An object that must be there. */
export async function there(
  { live }: ChangeWorld,
  path: string,
  what: { readonly field: string; readonly what: string },
): Promise<JsonObject> {
  const found = await live.find(path);
  if (found === null) throw new Failure("changes.not_there", what);
  return found;
}

export interface UserThere {
  readonly member: Member;
  readonly state: JsonObject;
  readonly isOwn: boolean;
  readonly look: Look;
}

export async function userThere(world: ChangeWorld, userId: string): Promise<UserThere> {
  const path = `/users/${userId}`;
  const user = await there(world, path, { field: "user_id", what: "member" });
  const self = await world.self();
  return {
    member: memberOf(user),
    state: STATE_OF.user(user),
    isOwn: self?.id === userId,
    look: { by: "object", path, as: "user" },
  };
}

/** A workspace that can be changed, and whether it is the one of Claude Code. */
export async function workspaceThere(world: ChangeWorld, workspaceId: string) {
  const path = `/workspaces/${workspaceId}`;
  const workspace = await there(world, path, { field: "workspace_id", what: "workspace" });
  const name = textOf(workspace["name"]);
  if (typeof workspace["archived_at"] === "string")
    throw notPossible("This workspace is archived, and cannot be changed any more", "Choose another workspace.");
  return {
    name,
    state: STATE_OF.workspace(workspace),
    look: { by: "object", path, as: "workspace" } as const satisfies Look,
    // The object has no flag: the default workspace is always called Default and cannot be renamed.
    isDefault: name === "Default",
    isClaudeCode: name === "Claude Code",
  };
}

export function notPossible(problem: string, remedy: string): Failure {
  return new Failure("changes.not_possible", { problem, remedy });
}

/** @throws Failure `changes.not_possible` */
export function refuseDefault({ isDefault }: { readonly isDefault: boolean }, problem: string): void {
  if (isDefault) throw notPossible(problem, "Choose another workspace.");
}

export function nothingToChange(what: string): Failure {
  return notPossible(`${what}: nothing would change`, "There is nothing to do.");
}
