import type { FaultKind } from "./fault.ts";

export const dataFaults: readonly FaultKind[] = [];
