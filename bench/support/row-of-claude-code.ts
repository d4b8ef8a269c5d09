/** What every row of a person in an invented record of Claude Code has in common. */
export const CLAUDE_CODE_ROW = {
  actor_kind: "user_actor",
  customer_type: "api",
  subscription_type: null,
  terminal_type: "vscode",
  is_remote: "false",
  service_actor: null,
};
