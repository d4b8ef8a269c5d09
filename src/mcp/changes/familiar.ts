import { z } from "zod";

/** Roles of members: those that can be given, and words that prompts have always used. */
export const memberRole = z.enum(["user", "claude_code_user", "developer", "billing", "managed", "member", "admin"]);

/** `member` is no role of Anthropic's; `admin` is one that the API never gives, and is refused in so many words. */
export function memberRoleOf(asked: z.output<typeof memberRole>): { readonly role: string; readonly notes: string[] } {
  return asked === "member"
    ? { role: "user", notes: ["Anthropic has no role member: understood as user."] }
    : { role: asked, notes: [] };
}

/** Roles in a workspace, with or without the prefix that Anthropic's have. */
export const roleInWorkspace = z.enum([
  "workspace_user",
  "workspace_restricted_developer",
  "workspace_developer",
  "workspace_admin",
  "user",
  "developer",
  "admin",
  "member",
]);

export function roleInWorkspaceOf(asked: z.output<typeof roleInWorkspace>): {
  readonly role: string;
  readonly notes: string[];
} {
  if (asked.startsWith("workspace_")) return { role: asked, notes: [] };
  const role = asked === "member" ? "workspace_user" : `workspace_${asked}`;
  return { role, notes: [`The role ${asked} was understood as ${role}.`] };
}

/** Workspaces have no description at Anthropic; a tag of that name keeps it. */
export function tagsOf(
  tags: Readonly<Record<string, string | null>> | undefined,
  description: string | undefined,
): { readonly tags: Readonly<Record<string, string | null>> | undefined; readonly notes: string[] } {
  if (description === undefined) return { tags, notes: [] };
  return {
    tags: { ...tags, description },
    notes: ["Anthropic's workspaces have no description: it is kept as the tag description."],
  };
}
