import type { ChangeKind } from "../define-change.ts";
import { addWorkspaceMember } from "./add-workspace-member.ts";
import { archiveWorkspace } from "./archive-workspace.ts";
import { changeMemberRole } from "./change-member-role.ts";
import { changeWorkspaceMemberRole } from "./change-workspace-member-role.ts";
import { createWorkspace } from "./create-workspace.ts";
import { inviteMember } from "./invite-member.ts";
import { offboardMember } from "./offboard-member.ts";
import { removeMember } from "./remove-member.ts";
import { removeSpendLimit } from "./remove-spend-limit.ts";
import { removeWorkspaceMember } from "./remove-workspace-member.ts";
import { setSpendLimit } from "./set-spend-limit.ts";
import { setWorkspaceRateLimit } from "./set-workspace-rate-limit.ts";
import { updateApiKey } from "./update-api-key.ts";
import { updateWorkspace } from "./update-workspace.ts";
import { withdrawInvite } from "./withdraw-invite.ts";

/** Everything that can be changed at Anthropic. */
export const changeKinds: readonly ChangeKind[] = [
  inviteMember,
  withdrawInvite,
  changeMemberRole,
  removeMember,
  offboardMember,
  createWorkspace,
  updateWorkspace,
  archiveWorkspace,
  addWorkspaceMember,
  changeWorkspaceMemberRole,
  removeWorkspaceMember,
  updateApiKey,
  setWorkspaceRateLimit,
  setSpendLimit,
  removeSpendLimit,
];
