export { catalog, type OperationId } from "./catalog/index.ts";
export type { Keyring, OpenClient, OperationContext, UpstreamSetting } from "./context.ts";
export type { AuditEvent, Operation, Permission } from "./define.ts";
export { runOperation } from "./run-operation.ts";
