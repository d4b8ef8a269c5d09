import { parseDay } from "../../domain/index.ts";
import { listAnomalies, type AnomalyRow } from "../../store/index.ts";
import type { Asker } from "./asking.ts";
import type { Finding } from "./findings.ts";

type Life = NonNullable<Finding["life"]>;

/** What was made of unusual days from one on, by their ids. */
export async function livesFrom({ store, scope }: Asker, from: string): Promise<Map<string, Life>> {
  const rows = await store.read((tx) => listAnomalies(tx, scope, parseDay(from)));
  return new Map(rows.map((row) => [row.anomalyId, lifeOf(row)]));
}

export function lifeOf(row: AnomalyRow): Life {
  const at = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return {
    state: row.state,
    openedAt: new Date(row.openedMs).toISOString(),
    acknowledgedAt: at(row.acknowledgedMs),
    acknowledgedBy: row.acknowledgedBy,
    resolvedAt: at(row.resolvedMs),
    resolvedBy: row.resolvedBy,
  };
}
