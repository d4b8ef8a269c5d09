import type { FaultKind } from "./fault.ts";

export const timeFaults: readonly FaultKind[] = [];
