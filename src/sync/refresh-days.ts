import type { DayNumber, Scope } from "../domain/index.ts";
import type { Stream } from "../source/index.ts";
import { refreshActiveDays, refreshRollups, type WriteTx } from "../store/index.ts";
import { activeRules } from "./active-rules.ts";

/** Roll-ups and active days of the days on which a stream's rows changed. */
export async function refreshDays(
  tx: WriteTx,
  scope: Scope,
  stream: Stream,
  organizationId: string,
  days: Iterable<DayNumber>,
): Promise<void> {
  const touched = [...new Set(days)];
  if (touched.length === 0) return;
  for (const table of stream.tables) {
    if (table.rollups.length > 0) await refreshRollups(tx, scope, table, organizationId, touched);
    const rules = activeRules(table);
    if (rules !== null) await refreshActiveDays(tx, scope, rules, organizationId, touched);
  }
}
