/** What a role lets somebody do, to stand behind "whoever …" or "they …". */
export const ROLE_SAYS: Readonly<Record<string, string>> = {
  user: "may use the Playground, and nothing else",
  claude_code_user: "may use the Playground and Claude Code",
  developer: "may use Claude Code and make API keys",
  billing: "may do what a developer may, and see and change billing",
  managed: "has the role that a group of Claude Enterprise gives",
  workspace_user: "may use the Playground there",
  workspace_restricted_developer: "may make API keys there, without traces and downloads",
  workspace_developer: "may make API keys there",
  workspace_admin: "may make API keys there and decide who belongs to it",
  workspace_billing: "may see and change billing there",
};
