import { isJsonObject, type Json, type JsonObject } from "../../domain/index.ts";
import { canonicalJson } from "../../ledger/index.ts";
import type { FoundObject } from "./objects.ts";

/**
 * Rate limits as Anthropic lists them, from records of one limiter each: by group, and for a workspace with its own
 * where it has some and the organization's otherwise.
 */
export function effectiveLimits(rows: readonly FoundObject[], workspace: string | undefined): FoundObject[] {
  const places = Map.groupBy(rows, ({ organizationId, object }) => JSON.stringify([organizationId, groupOf(object)]));
  return [...places.values()].flatMap((own) => {
    const inherited = own.filter(({ object }) => !isOwn(object));
    const [first] = inherited;
    if (workspace === undefined) {
      return first === undefined
        ? []
        : [{ ...first, object: { ...first.object, limits: byType(limitsOf(inherited)) } }];
    }
    const overrides = own.filter(({ object }) => isOwn(object));
    const [one = first] = overrides;
    if (one === undefined) return [];
    const special = limitsOf(overrides);
    const named = new Set(special.map((limit) => limit["type"]));
    const rest = limitsOf(inherited).filter((limit) => !named.has(limit["type"]));
    const { id, rate_limit_id: parent, ...object } = one.object;
    const limits = [
      ...special,
      ...rest.map((limit) => ({ ...limit, org_limit: limit["value"] ?? null, source: { type: "organization" } })),
    ];
    const entry = { rate_limit_id: parent ?? id ?? null, ...object, type: "workspace_rate_limit" };
    return [{ ...one, object: { ...entry, workspace_id: workspace, limits: byType(limits) } }];
  });
}

/** In one order, wherever they come from: the records of limiters have none. */
export function byType(limits: readonly JsonObject[]): JsonObject[] {
  return limits.toSorted((a, b) => (canonicalJson(a["type"] ?? null) < canonicalJson(b["type"] ?? null) ? -1 : 1));
}

function isOwn(object: JsonObject): boolean {
  return typeof object["workspace_id"] === "string";
}

export function limitsOf(rows: readonly FoundObject[]): JsonObject[] {
  return rows.flatMap(({ object }) =>
    Array.isArray(object["limits"]) ? (object["limits"] as readonly Json[]).filter(isJsonObject) : [],
  );
}

/** Entries from before autumn 2026 have no group id; their type and models name the group as well. */
function groupOf(object: JsonObject): Json {
  const group = object["group"];
  const id = isJsonObject(group) ? group["id"] : undefined;
  return id ?? [object["group_type"] ?? null, object["models"] ?? null];
}
