import type { FaultCase } from "./fault-case.ts";
import { statusFaults } from "./status.ts";
import { transportFaults } from "./transport.ts";
import { bodyFaults } from "./body.ts";
import { dataFaults } from "./data.ts";
import { pagingFaults } from "./paging.ts";
import { timeFaults } from "./time.ts";
import { keysFaults } from "./keys.ts";

export { FAULT_WORLD, MOST_PAGES, type FaultCase, type Seen } from "./fault-case.ts";

/** Every fault by its number, F01 to F63. */
export const faultCases: readonly FaultCase[] = [
  ...statusFaults,
  ...transportFaults,
  ...bodyFaults,
  ...dataFaults,
  ...pagingFaults,
  ...timeFaults,
  ...keysFaults,
];
