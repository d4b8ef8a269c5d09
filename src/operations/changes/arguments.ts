import { z } from "zod";

/** An id of Anthropic's as an argument. It becomes part of a path, so nothing else may stand in it. */
export function idArgument(example: string) {
  return z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, `is no id, such as ${example}`);
}

/** Roles that the API can give; `admin` is given in the Console alone, and `managed` is of Claude Enterprise. */
export const organizationRole = z.enum(["user", "claude_code_user", "developer", "billing", "managed"], {
  error: "is none of user, claude_code_user, developer, billing; an admin is made in the Console alone",
});

export const workspaceRole = z.enum(
  ["workspace_user", "workspace_restricted_developer", "workspace_developer", "workspace_admin"],
  { error: "is none of workspace_user, workspace_restricted_developer, workspace_developer, workspace_admin" },
);

export const emailArgument = z
  .string()
  .trim()
  .max(320)
  .regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "is no e-mail address");

const geo = z.enum(["global", "us"]);

/** What of a workspace can be chosen when it is made, and changed later. */
export const workspaceFields = {
  name: z.string().min(1).max(40),
  display_color: z.string().regex(/^#[0-9A-Fa-f]{6}$/, "is no colour, such as #6C5BB9"),
  tags: z.record(z.string().min(1).max(100), z.string().max(256).nullable()),
  data_residency: z.strictObject({
    allowed_inference_geos: z.union([z.literal("unrestricted"), z.array(geo).min(1)]).optional(),
    default_inference_geo: geo.optional(),
  }),
} as const;
