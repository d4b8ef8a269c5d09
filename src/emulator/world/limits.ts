import { DAY_MS, stampText } from "./calendar.ts";
import { MODELS } from "./prices.ts";
import { base58, idOf } from "./random.ts";
import type { Setting } from "./setting.ts";
import type { Directory, RateLimit, RateLimitGroup, SpendLimit, WorkspaceRateLimit } from "./types.ts";

type Limits = Pick<Directory, "rateLimits" | "workspaceRateLimits" | "spendLimits">;

/** Rate limits of the organization, two workspaces that lowered theirs, and what may be spent. */
export function inventLimits(setting: Setting): Limits {
  const rateLimits = inventRateLimits(setting);
  return {
    rateLimits,
    workspaceRateLimits: inventOverrides(setting, rateLimits),
    spendLimits: inventSpendLimits(setting),
  };
}

function inventRateLimits(setting: Setting): RateLimit[] {
  const families = (["opus", "sonnet", "haiku", "fable"] as const).map((family) => {
    const title = `Claude ${family.charAt(0).toUpperCase()}${family.slice(1)}`;
    const models = MODELS.filter(
      (model) => model.family === family && model.until > setting.lastDay && model.from <= setting.lastDay,
    );
    return {
      group: { type: "model_group", display_name: title },
      models: models.flatMap(({ id }) => namesOf(id)),
      limits: MODEL_LIMITS,
    };
  });
  const others = [
    { group: { type: "batch" }, models: null, limits: [{ type: "enqueued_batch_requests", value: 500_000 }] },
    { group: { type: "token_count" }, models: null, limits: [{ type: "requests_per_minute", value: 8000 }] },
    { group: { type: "web_search" }, models: null, limits: [{ type: "tool_uses_per_second", value: 30 }] },
    { group: { type: "files" }, models: null, limits: [{ type: "requests_per_minute", value: 100 }] },
  ];
  return [...families, ...others]
    .filter(({ models }) => models === null || models.length > 0)
    .map(({ group, models, limits }) => {
      const naming = "display_name" in group ? group.display_name : group.type;
      const full: RateLimitGroup = { id: idOf("rlg_", "every organization", naming), ...group };
      return {
        id: `rl_${base58(6, setting.seed, "rate limit", naming).toLowerCase()}`,
        type: "rate_limit" as const,
        group: full,
        group_type: group.type,
        models,
        limits: limits.map((limit) => ({ ...limit })),
      };
    });
}

/** The id and, for a dated one, its alias. */
function namesOf(id: string): string[] {
  const alias = id.replace(/-\d{8}$/, "");
  return alias === id ? [id] : [id, alias];
}

const MODEL_LIMITS = [
  { type: "requests_per_minute", value: 4000 },
  { type: "input_tokens_per_minute_cache_aware", value: 10_000_000 },
  { type: "output_tokens_per_minute", value: 800_000 },
];

/** All limiters of the two groups, as asked with `include_inherited`; overridden ones have the workspace as source. */
function inventOverrides(setting: Setting, rateLimits: readonly RateLimit[]): WorkspaceRateLimit[] {
  return (["Checkout service", "Data platform"] as const).flatMap((name, at) => {
    const rateLimit = rateLimits[at];
    if (rateLimit === undefined) return [];
    return [
      {
        rate_limit_id: rateLimit.id,
        type: "workspace_rate_limit" as const,
        workspace_id: setting.workspaces[name].id,
        group: { ...rateLimit.group },
        group_type: rateLimit.group_type,
        models: rateLimit.models === null ? null : [...rateLimit.models],
        limits: rateLimit.limits.map(({ type, value }) =>
          type === "requests_per_minute"
            ? { type, value: 1000, org_limit: value, source: { type: "workspace" as const } }
            : { type, value, org_limit: value, source: { type: "organization" as const } },
        ),
      },
    ];
  });
}

function inventSpendLimits(setting: Setting): SpendLimit[] {
  const plans: readonly [SpendLimit["scope"], string, number][] = [
    [{ type: "workspace", workspace_id: setting.workspaces["Support assistant"].id }, "250000", 20],
    [{ type: "workspace", workspace_id: setting.workspaces["Claude Code"].id }, "5000000", 60],
    [{ type: "organization" }, "8000000", 200],
    [{ type: "usage_tier" }, "20000000", 600],
  ];
  return plans.map(([scope, amount, age]) => {
    const stamp = stampText((setting.firstDay - age) * DAY_MS);
    return {
      id: idOf("spl_", setting.seed, JSON.stringify(scope)),
      type: "spend_limit",
      scope,
      amount,
      currency: "USD",
      period: "monthly",
      is_enabled: true,
      created_at: stamp,
      updated_at: stamp,
    };
  });
}
