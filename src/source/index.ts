export { createClient, type ClientOptions } from "./client.ts";
export { recogniseKey, type KeyKind } from "./keys.ts";
export { MESSAGES_GROUPS, messagesAsked, type BucketWidth, type MessagesGroup } from "./live/messages.ts";
export { objectAsked, spendLimitsAsked, workspaceRateLimitsAsked } from "./live/objects.ts";
export { createPace, type Pace } from "./pace.ts";
export { probe } from "./probe.ts";
export { fetchPublicDocument, type PublicDocument, type PublicDocumentOptions } from "./public-document.ts";
export { streams } from "./streams/index.ts";
export {
  claudeCodeActiveDays,
  claudeCodeActivityTable,
  claudeCodeModelsTable,
  WITHOUT_TOKENS,
} from "./streams/claude-code-tables.ts";
export { usageByKeyTable } from "./streams/usage-by-key.ts";
export { usageTotalTable } from "./streams/usage-total.ts";
export type { Timeouts } from "./exchange.ts";
export type * from "./types.ts";
export { createWriter, type SourceWriter, type WriteOutcome, type WriteRequest } from "./writer.ts";
export { readWindow, type ReadOptions } from "./window.ts";
