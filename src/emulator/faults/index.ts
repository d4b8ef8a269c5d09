export { faultCatalog } from "./catalog.ts";
export type { FaultKind, FaultOrder } from "./fault.ts";
export { FaultError } from "./fault.ts";
export type { ArmedFault, Faults } from "./fault-box.ts";
export { FaultBox } from "./fault-box.ts";
export { parseFaultArgument } from "./parse.ts";
