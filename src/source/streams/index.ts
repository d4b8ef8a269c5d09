import type { Stream } from "../types.ts";
import { analyticsCost } from "./analytics-cost.ts";
import { analyticsUsage } from "./analytics-usage.ts";
import { apiKeys } from "./api-keys.ts";
import { claudeCode } from "./claude-code.ts";
import { costReport } from "./cost-report.ts";
import { invites } from "./invites.ts";
import { organization } from "./organization.ts";
import { rateLimits } from "./rate-limits.ts";
import { usageByKey } from "./usage-by-key.ts";
import { usageByPerson } from "./usage-by-person.ts";
import { usageTotal } from "./usage-total.ts";
import { users } from "./users.ts";
import { workspaceMembers } from "./workspace-members.ts";
import { workspaces } from "./workspaces.ts";

/** Everything that is read, lists first: the directory is small and the rest is read better with it. */
export const streams: readonly Stream[] = [
  organization,
  users,
  invites,
  workspaces,
  workspaceMembers,
  apiKeys,
  rateLimits,
  claudeCode,
  usageTotal,
  usageByKey,
  usageByPerson,
  costReport,
  analyticsUsage,
  analyticsCost,
];
