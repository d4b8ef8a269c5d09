export type { Permission } from "../access/index.ts";
export { anchorTenant } from "./anchoring/round.ts";
export { capabilitiesOf, connectionCapabilities } from "./capabilities.ts";
export { catalog, type OperationId } from "./catalog/index.ts";
export type { ErasurePlan } from "./catalog/plan-erasure.ts";
export { changeConfirmed, type ChangeOrder, type ChangeShown, type OffboardingShown } from "./changes/index.ts";
export type {
  Keyring,
  OpenClient,
  OpenWriter,
  OperationContext,
  Outside,
  Suppression,
  UpstreamSetting,
  VaultCare,
} from "./context.ts";
export type { AuditEvent, Operation } from "./define.ts";
export { runOperation, runWithoutRecord } from "./run-operation.ts";
export { COST_GROUPS } from "./admin/cost-groups.ts";
export { KEY_FLAGS } from "./key-flags.ts";
export { effectivePrivacy } from "./effective-privacy.ts";
export { lacksSecondFactor } from "./lacks-second-factor.ts";
export { leaveTrace } from "./leave-trace.ts";
export { ledgerTroubleOf, type LedgerTroubleView } from "./ledger-trouble-view.ts";
export { ledgerWarnings } from "./ledger-warnings.ts";
export { LookTrail } from "./look-trail.ts";
export { nearNames } from "./near-names.ts";
export type { PersonPage } from "./person-page.ts";
export { AnswerCache, type KeptAnswer } from "./answer-cache.ts";
export { asCaller } from "./as-caller.ts";
export { pageIn, pageOf } from "./paging.ts";
export { questionKey } from "./question-key.ts";
export type { SyncEvent, SyncOrder, SyncRun, Syncs } from "./syncs.ts";
export { csvOf } from "./table-csv.ts";
export { readSettings, type TenantSettings } from "./tenant-settings.ts";
