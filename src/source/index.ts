export { createClient, type ClientOptions } from "./client.ts";
export { defineStream } from "./define-stream.ts";
export { recogniseKey, type KeyKind } from "./keys.ts";
export { createPace, type Pace } from "./pace.ts";
export { probe } from "./probe.ts";
export { streams } from "./streams/index.ts";
export { analyticsCostTable } from "./streams/analytics-cost.ts";
export { analyticsUsageTable } from "./streams/analytics-usage.ts";
export { apiKeysTable } from "./streams/api-keys.ts";
export {
  claudeCodeActiveDays,
  claudeCodeActivityTable,
  claudeCodeModelsTable,
  claudeCodeToolsTable,
  WITHOUT_TOKENS,
} from "./streams/claude-code-tables.ts";
export { costLinesTable } from "./streams/cost-report.ts";
export { invitesTable } from "./streams/invites.ts";
export { organizationsTable } from "./streams/organization.ts";
export { rateLimitsTable } from "./streams/rate-limits.ts";
export { usageByKeyTable } from "./streams/usage-by-key.ts";
export { usageByPersonTable } from "./streams/usage-by-person.ts";
export { usageTotalTable } from "./streams/usage-total.ts";
export { usersTable } from "./streams/users.ts";
export { workspaceMembersTable } from "./streams/workspace-members.ts";
export { workspacesTable } from "./streams/workspaces.ts";
export type { Timeouts } from "./transport.ts";
export type * from "./types.ts";
export { ANTHROPIC, parseUpstream } from "./upstream.ts";
export { readWindow, type ReadOptions } from "./window.ts";
