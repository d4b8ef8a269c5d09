import type { Directory, RateLimit, WorkspaceRateLimit } from "../../world/types.ts";
import { isRecord } from "../body.ts";
import type { Body } from "../body.ts";
import type { ApiVersion, Context } from "../endpoint.ts";
import { defineEndpoint } from "../endpoint.ts";
import { pageByCursor } from "../paging.ts";
import { badField, notFound, Problem } from "../problem.ts";
import { findOpenWorkspace, findWorkspace } from "./workspaces.ts";

const PATH = "/v1/organizations/rate_limits";
const WORKSPACE_PATH = "/v1/organizations/workspaces/{workspace_id}/rate_limits";
const GROUP_TYPES = ["model_group", "batch", "token_count", "files", "skills", "web_search"] as const;
/** Omitting `limit` returns everything in one page. */
const NO_LIMIT = 1_000_000;

export const rateLimitEndpoints = [
  defineEndpoint({
    name: "rate_limits",
    method: "GET",
    path: PATH,
    paging: "cursor",
    query: ["group_type", "model", "limit", "page"],
    answer: ({ path, query, version, world }) => {
      const groupType = query.choice("group_type", GROUP_TYPES);
      const model = query.text("model");
      const limits = world.directory.rateLimits.filter(
        (limit) =>
          (groupType === undefined || limit.group.type === groupType) &&
          (model === undefined || (limit.models?.includes(model) ?? false)),
      );
      if (model !== undefined && limits.length === 0) throw notFound("No rate limit group holds this model");
      const page = pageByCursor(limits, query, path, NO_LIMIT);
      return { ...page, data: page.data.map((limit) => inVersion(limit, version)) };
    },
  }),
  defineEndpoint({
    name: "workspace_rate_limits",
    method: "GET",
    path: WORKSPACE_PATH,
    paging: "cursor",
    query: ["group_type", "include_inherited", "limit", "page"],
    answer: ({ at, path, query, version, world }) => {
      const groupType = query.choice("group_type", GROUP_TYPES);
      const inherited = query.boolean("include_inherited");
      const workspace = findWorkspace(world.directory, at["workspace_id"]);
      const limits = (
        inherited ? effective(world.directory, workspace.id) : overrides(world.directory, workspace.id)
      ).filter((limit) => groupType === undefined || limit.group.type === groupType);
      const page = pageByCursor(limits, query, path, NO_LIMIT);
      return { ...page, data: page.data.map((limit) => inVersion(limit, version)) };
    },
  }),
  defineEndpoint({
    name: "workspace_rate_limits",
    method: "POST",
    path: `${WORKSPACE_PATH}/{rate_limit_id}`,
    answer: setOverride,
  }),
];

/** `value: null` clears a limiter's override; limiters not named stay. */
function setOverride({ at, body, version, world }: Context): unknown {
  body.allow(["limits"]);
  const changes = readLimits(body);
  const { directory } = world;
  const workspace = findOpenWorkspace(directory, at["workspace_id"]);
  if (workspace.id === directory.defaultWorkspaceId) {
    throw new Problem(400, "The default workspace has no rate limits of its own");
  }
  const parent = directory.rateLimits.find((limit) => limit.id === at["rate_limit_id"]);
  if (parent === undefined) throw notFound("Rate limit not found");
  const before = overrides(directory, workspace.id).find((limit) => limit.rate_limit_id === parent.id);
  const values = new Map((before?.limits ?? []).map((limit) => [limit.type, limit.value]));
  for (const [index, change] of changes.entries()) {
    if (!parent.limits.some((limit) => limit.type === change.type)) {
      throw badField(`limits.${index}.type`, "This limiter does not exist in the group");
    }
    if (change.value === null) values.delete(change.type);
    else values.set(change.type, change.value);
  }
  const after: WorkspaceRateLimit = {
    ...entry(parent, workspace.id),
    limits: parent.limits.flatMap((limit) => {
      const value = values.get(limit.type);
      return value === undefined
        ? []
        : [{ type: limit.type, value, org_limit: limit.value, source: { type: "workspace" as const } }];
    }),
  };
  directory.workspaceRateLimits = directory.workspaceRateLimits.filter((limit) => limit !== before);
  if (after.limits.length > 0) directory.workspaceRateLimits.push(after);
  return inVersion(after, version);
}

function readLimits(body: Body): { type: string; value: number | null }[] {
  const limits = body.raw("limits");
  if (limits === undefined) throw badField("limits", "Field required");
  if (!Array.isArray(limits)) throw badField("limits", "Input should be a valid list");
  return limits.map((limit: unknown, index) => {
    const type = isRecord(limit) ? limit["type"] : undefined;
    const value = isRecord(limit) ? limit["value"] : undefined;
    if (typeof type !== "string") throw badField(`limits.${index}.type`, "Field required");
    if (value !== null && !(typeof value === "number" && Number.isSafeInteger(value) && value >= 0)) {
      throw badField(`limits.${index}.value`, "Input should be a valid integer or null");
    }
    return { type, value };
  });
}

function overrides(directory: Directory, workspaceId: string): WorkspaceRateLimit[] {
  return directory.workspaceRateLimits.filter((limit) => limit.workspace_id === workspaceId);
}

/** Every limiter of the organization, with the workspace's value where it has one. */
function effective(directory: Directory, workspaceId: string): WorkspaceRateLimit[] {
  const own = overrides(directory, workspaceId);
  return directory.rateLimits.map((parent) => {
    const override = own.find((limit) => limit.rate_limit_id === parent.id);
    return {
      ...entry(parent, workspaceId),
      limits: parent.limits.map(
        (limit) =>
          override?.limits.find((candidate) => candidate.type === limit.type) ?? {
            type: limit.type,
            value: limit.value,
            org_limit: limit.value,
            source: { type: "organization" as const },
          },
      ),
    };
  });
}

function entry(parent: RateLimit, workspaceId: string): Omit<WorkspaceRateLimit, "limits"> {
  return {
    rate_limit_id: parent.id,
    type: "workspace_rate_limit",
    workspace_id: workspaceId,
    group: parent.group,
    group_type: parent.group_type,
    models: parent.models,
  };
}

/** `group_type` went away with 2026-10-21. */
function inVersion(limit: RateLimit | WorkspaceRateLimit, version: ApiVersion): unknown {
  if (version === "2023-06-01") return limit;
  const { group_type: _, ...rest } = limit;
  return rest;
}
