export { capabilitiesOf } from "./capabilities.ts";
export { catalog, type OperationId } from "./catalog/index.ts";
export type { Keyring, OpenClient, OperationContext, UpstreamSetting } from "./context.ts";
export type { AuditEvent, Operation } from "./define.ts";
export { runOperation, runWithoutRecord } from "./run-operation.ts";
export { effectivePrivacy } from "./effective-privacy.ts";
export { LookTrail } from "./look-trail.ts";
export { readSettings, type TenantSettings } from "./tenant-settings.ts";
