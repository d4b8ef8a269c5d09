import type { FaultCase } from "./fault-case.ts";
import { statusFaults } from "./status.ts";
import { transportFaults } from "./transport.ts";
import { bodyFaults } from "./body.ts";
import { dataFaults } from "./data.ts";
import { pagingFaults } from "./paging.ts";
import { timeFaults } from "./time.ts";
import { keysFaults } from "./keys.ts";

export { FAULT_WORLD, MOST_PAGES, type FaultCase, type Seen } from "./fault-case.ts";

const FAMILIES = {
  status: statusFaults,
  transport: transportFaults,
  body: bodyFaults,
  data: dataFaults,
  paging: pagingFaults,
  time: timeFaults,
  keys: keysFaults,
} as const satisfies Record<string, readonly FaultCase[]>;

/** Every fault by its number, F01 to F63. */
export const faultCases: readonly FaultCase[] = Object.values(FAMILIES).flat();

/** The file that a fault stands in. */
export function familyOf(id: string): string {
  return Object.entries(FAMILIES).find(([, cases]) => cases.some((fault) => fault.id === id))?.[0] ?? "";
}
