import type { FaultKind } from "./fault.ts";

export const transportFaults: readonly FaultKind[] = [];
