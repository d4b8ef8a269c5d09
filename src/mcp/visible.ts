import type { Permission } from "../access/index.ts";
import type { Tool } from "./define-tool.ts";
import type { McpParts, McpSession } from "./parts.ts";

/** Tools that change something at Anthropic are not there unless that was switched on. */
export function isThere({ effect }: Pick<Tool, "effect">, { writes }: Pick<McpParts, "writes">): boolean {
  return writes || effect === "read" || effect === "order";
}

export function mayUse({ permission }: { readonly permission: Permission }, { permissions }: McpSession): boolean {
  return permissions === null || permissions.has(permission);
}
