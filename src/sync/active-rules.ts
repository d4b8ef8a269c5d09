import type { Table } from "../domain/index.ts";
import { claudeCodeActiveDays } from "../source/index.ts";
import type { ActiveDays } from "../store/index.ts";

/** The rules kept as bit sets for a table, or null when it says nothing about activity. */
export function activeRules(table: Table): ActiveDays | null {
  return table === claudeCodeActiveDays.table ? claudeCodeActiveDays : null;
}
