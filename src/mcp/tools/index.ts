import type { Tool } from "../define-tool.ts";
import { addWorkspaceMember } from "./add-workspace-member.ts";
import { archiveWorkspace } from "./archive-workspace.ts";
import { comparePeriodsTool } from "./compare-periods.ts";
import { createInvite } from "./create-invite.ts";
import { createWorkspace } from "./create-workspace.ts";
import { deleteInvite } from "./delete-invite.ts";
import { describeMetricsTool } from "./describe-metrics.ts";
import { explainChangeTool } from "./explain-change.ts";
import { findPeople } from "./find-people.ts";
import { getApiKey } from "./get-api-key.ts";
import { getCapabilities } from "./get-capabilities.ts";
import { getCodeAnalytics } from "./get-code-analytics.ts";
import { getCostBreakdown } from "./get-cost-breakdown.ts";
import { getInvite } from "./get-invite.ts";
import { getNormalizedMetrics } from "./get-normalized-metrics.ts";
import { getOrgInfo } from "./get-org-info.ts";
import { getUsage } from "./get-usage.ts";
import { getUser } from "./get-user.ts";
import { getWorkspace } from "./get-workspace.ts";
import { idlePeople } from "./idle-people.ts";
import { keyHygiene } from "./key-hygiene.ts";
import { listApiKeys } from "./list-api-keys.ts";
import { listInsightsTool } from "./list-insights.ts";
import { listInvites } from "./list-invites.ts";
import { listRateLimits } from "./list-rate-limits.ts";
import { listSpendLimits } from "./list-spend-limits.ts";
import { listUsers } from "./list-users.ts";
import { listWorkspaceMembers } from "./list-workspace-members.ts";
import { listWorkspaces } from "./list-workspaces.ts";
import { myUsageTool } from "./my-usage.ts";
import { offboardMember } from "./offboard-member.ts";
import { personUsageTool } from "./person-usage.ts";
import { proveRecordTool } from "./prove-record.ts";
import { queryMetric } from "./query-metric.ts";
import { removeSpendLimit } from "./remove-spend-limit.ts";
import { removeUser } from "./remove-user.ts";
import { removeWorkspaceMember } from "./remove-workspace-member.ts";
import { setSpendLimit } from "./set-spend-limit.ts";
import { setWorkspaceRateLimit } from "./set-workspace-rate-limit.ts";
import { startSync } from "./start-sync.ts";
import { syncStatus } from "./sync-status.ts";
import { updateApiKey } from "./update-api-key.ts";
import { updateUserRole } from "./update-user-role.ts";
import { updateWorkspaceMember } from "./update-workspace-member.ts";
import { updateWorkspace } from "./update-workspace.ts";
import { verifyLedgerTool } from "./verify-ledger.ts";

/** Every tool, in the order in which they are listed. */
export const tools: readonly Tool[] = [
  queryMetric,
  describeMetricsTool,
  comparePeriodsTool,
  explainChangeTool,
  findPeople,
  personUsageTool,
  myUsageTool,
  listInsightsTool,
  keyHygiene,
  idlePeople,
  syncStatus,
  startSync,
  proveRecordTool,
  verifyLedgerTool,
  getUsage,
  getCostBreakdown,
  getCodeAnalytics,
  getNormalizedMetrics,
  getCapabilities,
  getOrgInfo,
  listUsers,
  getUser,
  listInvites,
  getInvite,
  listWorkspaces,
  getWorkspace,
  listWorkspaceMembers,
  listApiKeys,
  getApiKey,
  listRateLimits,
  listSpendLimits,
  updateUserRole,
  removeUser,
  offboardMember,
  createInvite,
  deleteInvite,
  updateApiKey,
  createWorkspace,
  updateWorkspace,
  archiveWorkspace,
  addWorkspaceMember,
  updateWorkspaceMember,
  removeWorkspaceMember,
  setWorkspaceRateLimit,
  setSpendLimit,
  removeSpendLimit,
];
