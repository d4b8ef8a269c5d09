import type { FaultKind } from "./fault.ts";

export const pagingFaults: readonly FaultKind[] = [];
