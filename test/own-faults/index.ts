import type { OwnFault } from "./own-fault.ts";
import { secretFaults } from "./secrets.ts";
import { storageFaults } from "./storage.ts";
import { processFaults } from "./processes.ts";
import { trustFaults } from "./trust.ts";

export type { OwnFault } from "./own-fault.ts";

const FAMILIES = {
  secrets: secretFaults,
  storage: storageFaults,
  processes: processFaults,
  trust: trustFaults,
} as const satisfies Record<string, readonly OwnFault[]>;

/** Every fault of our own side by its number, F64 to F87. */
export const ownFaults: readonly OwnFault[] = Object.values(FAMILIES)
  .flat()
  .toSorted((one, other) => one.id.localeCompare(other.id));

/** The file that a fault stands in. */
export function ownFamilyOf(id: string): string {
  return Object.entries(FAMILIES).find(([, faults]) => faults.some((fault) => fault.id === id))?.[0] ?? "";
}
