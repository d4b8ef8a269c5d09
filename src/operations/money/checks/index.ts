import type { Check } from "../findings.ts";

/** Every check, in the order in which they are made. */
export const checks: readonly Check[] = [];
