import type { Method } from "../endpoint.ts";

/**
 * Endpoints that exist at the vendor and that this emulator only refuses, as a Console organization with an Admin key
 * would be refused.
 */
export interface NotServed {
  /** A path under `/v1/`, or the beginning of a family of paths. */
  readonly path: RegExp;
  readonly methods: readonly Method[];
  readonly status: 403 | 404;
  readonly message: string;
  /** The beta header without which the answer is 404. */
  readonly beta?: string;
}

const EVERY: readonly Method[] = ["GET", "POST", "DELETE"];
const OAUTH_ONLY = "This endpoint requires an OAuth access token with the org:admin scope";
const ENTERPRISE_ONLY = "This endpoint is available only to Claude Enterprise organizations";
const NO_ACCESS = "Your organization does not have access to this endpoint";

const family = (path: string): RegExp => new RegExp(`^/v1/organizations/${path}(/.*)?$`);
const refused = (path: string, message: string, beta?: string): NotServed => ({
  path: family(path),
  methods: EVERY,
  status: 403,
  message,
  ...(beta === undefined ? {} : { beta }),
});

export const notServed: readonly NotServed[] = [
  refused("service_accounts", OAUTH_ONLY),
  refused("workspaces/[^/]+/service_accounts", OAUTH_ONLY),
  refused("federation_issuers", OAUTH_ONLY),
  refused("federation_rules", OAUTH_ONLY),
  refused("external_keys", NO_ACCESS),
  refused("compliance_settings", NO_ACCESS),
  refused("spend_limit_increase_requests", ENTERPRISE_ONLY),
  refused("rbac_groups", ENTERPRISE_ONLY),
  refused("rbac_roles", ENTERPRISE_ONLY),
  refused("users/[^/]+/sign_out", ENTERPRISE_ONLY, "admin-user-sign-out-2026-10-08"),
  refused(
    "analytics/(summaries|users|apps/chat/projects|skills|connectors|plugins|artifacts)",
    "This endpoint requires the scope read:analytics of a Claude Enterprise organization",
  ),
  refused(
    "analytics/(usage_report|cost_report|user_usage_report|user_cost_report)",
    "This endpoint requires the scope read:analytics of a Claude Enterprise organization",
  ),
  refused("webhooks", NO_ACCESS, "webhooks-2026-10-07"),
  refused("telemetry_destinations", NO_ACCESS, "telemetry-destinations-2026-08-11"),
  refused("plugins", ENTERPRISE_ONLY, "ce-plugins-2026-09-01"),
  refused("plugin_marketplaces", ENTERPRISE_ONLY, "ce-plugins-2026-09-01"),
  refused("claude_code/managed_settings", ENTERPRISE_ONLY, "ce-claude-code-managed-settings-2026-10-06"),
  refused("claude_tag", NO_ACCESS, "experimental-claude-tag-2026-10-21"),
  refused("tunnels", NO_ACCESS, "mcp-tunnels-2026-06-22"),
  {
    path: /^\/v1\/compliance\/.*$/,
    methods: EVERY,
    status: 403,
    message: "This endpoint requires the scope read:compliance_activities",
  },
];
