import { getSetting } from "../../store/index.ts";
import type { Scope, Tx } from "../../store/index.ts";

/** What a month may cost, in dollars, or null when nobody has said. */
export async function budgetOf(tx: Tx, scope: Scope): Promise<string | null> {
  const value = await getSetting(tx, scope, "budgetMonthlyUsd");
  return value !== null && /^\d+(\.\d{1,2})?$/.test(value) ? value : null;
}
