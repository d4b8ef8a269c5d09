import type { ToolAnnotations } from "@modelcontextprotocol/server";

import type { ToolEffect } from "./define-tool.ts";

/**
 * What a client is told about each kind of tool. Hints for showing and asking: whatever they say, the server enforces
 * permissions and the two steps of a change.
 */
export const ANNOTATIONS = {
  // Asked live, it asks Anthropic: a world beside ours.
  read: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  order: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  change: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  destroy: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
} as const satisfies Record<ToolEffect, Required<Omit<ToolAnnotations, "title">>>;
