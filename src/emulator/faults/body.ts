import type { FaultKind } from "./fault.ts";

export const bodyFaults: readonly FaultKind[] = [];
