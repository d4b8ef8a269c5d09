import { definePrompt } from "../define-prompt.ts";

export const accessReview = definePrompt({
  name: "access_review",
  title: "Access review",
  description: "Who is in the organization with which role, which invites are open, which keys somebody left behind.",
  permission: "read",
  arguments: [{ name: "workspace", title: "Workspace", description: "one workspace only", completes: "workspace" }],
  text: ({
    workspace,
  }) => `Review who has access to our Claude organization${workspace === undefined ? "" : `, in the workspace ${workspace} only`}.

1. claude_code_list_users and claude_code_list_invites: every page. Count by role; list the admins and invites older than two weeks.
2. claude_code_list_workspaces, and claude_code_list_workspace_members of each that is active.
3. claude_code_list_api_keys and key_hygiene: active keys whose maker is no member any more, and keys that nobody owns.
4. idle_people, where you may see people: members who did nothing for 90 days.

Answer with a table of findings (what, who or which, since when, why it matters, what to do), the most dangerous first. Change nothing: propose each change as one sentence that a person can approve.`,
});
