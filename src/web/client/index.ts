export { addressOf, get, order, post } from "./ask.ts";
export type { Input, OperationId, Output } from "./catalog.ts";
export { now, serverNow, yesterday } from "./clock.ts";
export { textIn } from "./form-text.ts";
export { ME_KEY, useMe, useSignOut, type Me, type Permission } from "./me.ts";
export { asProblem, Problem } from "./problem.ts";
export { useSyncProgress, type SyncRun } from "./sync-progress.ts";
export { chooseTenant, chosenTenant } from "./tenant.ts";
export { useAnswer, useOrder, type Asked } from "./use-answer.ts";
