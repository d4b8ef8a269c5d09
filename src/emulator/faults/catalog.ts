import { bodyFaults } from "./body.ts";
import { dataFaults } from "./data.ts";
import type { FaultKind } from "./fault.ts";
import { FaultError } from "./fault.ts";
import { keyFaults } from "./keys.ts";
import { pagingFaults } from "./paging.ts";
import { statusFaults } from "./status.ts";
import { timeFaults } from "./time.ts";
import { transportFaults } from "./transport.ts";
import { writeFaults } from "./writes.ts";

/** Every fault by its number: F01 to F64 of reading, W01 and W02 of changing. */
export const faultCatalog: readonly FaultKind[] = [
  ...statusFaults,
  ...keyFaults,
  ...transportFaults,
  ...bodyFaults,
  ...dataFaults,
  ...pagingFaults,
  ...timeFaults,
  ...writeFaults,
].sort((a, b) => (a.id < b.id ? -1 : 1));

/** @throws FaultError for an unknown id or name. */
export function findFault(idOrName: string): FaultKind {
  const wanted = idOrName.trim().toLowerCase();
  const kind = faultCatalog.find(({ id, name }) => id.toLowerCase() === wanted || name === wanted);
  if (kind !== undefined) return kind;
  throw new FaultError(
    `unknown fault "${idOrName}": give an id from ${faultCatalog[0]?.id} to ${faultCatalog.at(-1)?.id} or a name such as ${faultCatalog[0]?.name}`,
  );
}
