import type { SpendLimit } from "../../world/types.ts";
import type { ReadableWorld } from "../other-organization.ts";
import { isRecord } from "../body.ts";
import type { Context } from "../endpoint.ts";
import { defineEndpoint } from "../endpoint.ts";
import { timestamp } from "../ids.ts";
import { pageByCursor } from "../paging.ts";
import { badField, notFound, Problem } from "../problem.ts";
import { findOpenWorkspace } from "./workspaces.ts";

const PATH = "/v1/organizations/spend_limits";
const SCOPES = [
  "organization",
  "organization_service",
  "rbac_group",
  "seat_tier",
  "usage_tier",
  "user",
  "workspace",
] as const;

export const spendLimitEndpoints = [
  defineEndpoint({
    name: "spend_limits",
    method: "GET",
    path: PATH,
    paging: "cursor",
    limit: "spend_limits",
    beta: "spend-limit-reads-2026-09-26",
    versionOptional: true,
    query: ["scope_type[]", "workspace_id", "limit", "page"],
    answer: ({ path, query, world }) => {
      const scopes: readonly string[] = query.choices("scope_type", SCOPES);
      const workspaceId = query.text("workspace_id");
      const limits = world.directory.spendLimits
        .filter(
          ({ scope }) =>
            (scopes.length === 0 || scopes.includes(scope.type)) &&
            (workspaceId === undefined || (scope.type === "workspace" && scope.workspace_id === workspaceId)),
        )
        .sort((a, b) => (a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : a.id < b.id ? -1 : 1));
      return pageByCursor(limits, query, path, 20);
    },
  }),
  defineEndpoint({
    name: "spend_limits",
    method: "GET",
    path: `${PATH}/effective`,
    limit: "spend_limits",
    versionOptional: true,
    query: ["user_ids[]", "period[]", "limit", "page"],
    answer: () => {
      throw new Problem(403, "Effective spend limits exist only in Claude Enterprise organizations", {
        code: "organization_type_not_supported",
      });
    },
  }),
  defineEndpoint({
    name: "spend_limits",
    method: "GET",
    path: `${PATH}/{spend_limit_id}`,
    limit: "spend_limits",
    versionOptional: true,
    answer: ({ at, world }) => findSpendLimit(world, at["spend_limit_id"]),
  }),
  defineEndpoint({
    name: "spend_limits",
    method: "POST",
    path: PATH,
    limit: "spend_limits",
    versionOptional: true,
    answer: setSpendLimit,
  }),
  defineEndpoint({
    name: "spend_limits",
    method: "DELETE",
    path: `${PATH}/{spend_limit_id}`,
    limit: "spend_limits",
    versionOptional: true,
    answer: ({ at, world }) => {
      const limit = findSpendLimit(world, at["spend_limit_id"]);
      if (limit.scope.type === "usage_tier") throw new Problem(400, "The cap of the usage tier cannot be deleted");
      world.directory.spendLimits = world.directory.spendLimits.filter((other) => other !== limit);
      return { id: limit.id, type: "spend_limit_deleted" };
    },
  }),
];

/** Creates the limit of a scope or replaces its amount. */
function setSpendLimit({ body, world, now, newId }: Context): SpendLimit {
  body.allow(["scope", "amount", "period"]);
  const amount = body.raw("amount");
  if (amount === undefined) throw badField("amount", "Field required");
  if (typeof amount !== "string" || !/^\d{1,15}$/.test(amount)) {
    throw badField("amount", "Input should be a string of whole cents");
  }
  body.choice("period", ["monthly"]);
  const scope = readScope(body.record("scope"), world);
  const same = world.directory.spendLimits.find(
    (limit) =>
      limit.scope.type === scope.type &&
      (limit.scope.type !== "workspace" ||
        (scope.type === "workspace" && limit.scope.workspace_id === scope.workspace_id)),
  );
  if (same !== undefined) {
    same.amount = amount;
    same.updated_at = timestamp(now);
    return same;
  }
  const limit: SpendLimit = {
    id: newId("spl"),
    type: "spend_limit",
    scope,
    amount,
    currency: "USD",
    period: "monthly",
    is_enabled: true,
    created_at: timestamp(now),
    updated_at: timestamp(now),
  };
  world.directory.spendLimits.push(limit);
  return limit;
}

function readScope(scope: unknown, world: ReadableWorld): SpendLimit["scope"] {
  if (!isRecord(scope)) throw badField("scope", "Field required");
  const type = scope["type"];
  if (type === "organization") return { type };
  if (type === "workspace") {
    const id = scope["workspace_id"];
    if (typeof id !== "string") throw badField("scope.workspace_id", "Field required");
    const workspace = findOpenWorkspace(world.directory, id);
    if (workspace.id === world.directory.defaultWorkspaceId) {
      throw badField("scope.workspace_id", "The default workspace cannot be limited");
    }
    return { type, workspace_id: workspace.id };
  }
  throw badField("scope.type", "Input should be 'organization', 'workspace'");
}

function findSpendLimit(world: ReadableWorld, id: string | undefined): SpendLimit {
  const limit = world.directory.spendLimits.find((candidate) => candidate.id === id);
  if (limit === undefined) throw notFound("Spend limit not found");
  return limit;
}
