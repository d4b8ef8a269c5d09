import { isJsonObject, type JsonObject } from "../../domain/index.ts";
import type { Live } from "./live.ts";
import { hasAll } from "./json-members.ts";

/** How the list is asked for. The header is needed by the list alone. */
export const SPEND_LIMITS = {
  path: "/spend_limits",
  query: [],
  paging: "cursor",
  beta: "spend-limit-reads-2026-09-26",
} as const;

/** Every limit of the organization and its workspaces. */
export function spendLimits(live: Live): Promise<readonly JsonObject[]> {
  const { path, ...asked } = SPEND_LIMITS;
  return live.list(path, asked);
}

/** The monthly limit of one scope, or null. */
export function limitOf(limits: readonly JsonObject[], scope: JsonObject): JsonObject | null {
  // An organization's scope has its type alone, so it is not taken for part of a workspace's.
  const found = limits.find(
    (limit) => isJsonObject(limit["scope"]) && hasAll(limit["scope"], scope) && limit["period"] === "monthly",
  );
  return found ?? null;
}
