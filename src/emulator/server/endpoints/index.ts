import type { Endpoint } from "../endpoint.ts";
import { analyticsEndpoints } from "./analytics.ts";
import { apiKeyEndpoints } from "./api-keys.ts";
import { claudeCodeEndpoints } from "./claude-code.ts";
import { costReportEndpoints } from "./cost-report.ts";
import { inviteEndpoints } from "./invites.ts";
import { memberEndpoints } from "./members.ts";
import { messagesUsageEndpoints } from "./messages-usage.ts";
import { organizationEndpoints } from "./organization.ts";
import { rateLimitEndpoints } from "./rate-limits.ts";
import { spendLimitEndpoints } from "./spend-limits.ts";
import { userEndpoints } from "./users.ts";
import { workspaceEndpoints } from "./workspaces.ts";

export const endpoints: readonly Endpoint[] = [
  ...organizationEndpoints,
  ...userEndpoints,
  ...inviteEndpoints,
  ...workspaceEndpoints,
  ...memberEndpoints,
  ...apiKeyEndpoints,
  ...rateLimitEndpoints,
  ...spendLimitEndpoints,
  ...messagesUsageEndpoints,
  ...costReportEndpoints,
  ...claudeCodeEndpoints,
  ...analyticsEndpoints,
];
