import { dayText } from "../../domain/index.ts";
import type { AnomalyRow } from "../../store/index.ts";
import type { OperationContext } from "../context.ts";
import { WEEKS } from "./anomaly.ts";
import { isAnswer, withAsker } from "./asking.ts";

/** Whose days are a single person's: a key has an owner. */
const OF_ONE: readonly string[] = ["person", "api_key"];

/**
 * Those of the unusual days that the scope may know of. They are noted once, by who may see people; to everybody else a
 * day is told only where its figure would be, so that none tells of a single person or of a small group.
 */
export async function anomaliesSeen(context: OperationContext, rows: readonly AnomalyRow[]): Promise<AnomalyRow[]> {
  if (context.scope.privacy.mode === "named") return [...rows];
  // What everybody together spent is no secret, however few they are.
  const whole = rows.filter(({ dimension }) => dimension === "");
  const told = rows.filter(({ dimension }) => dimension !== "" && !OF_ONE.includes(dimension));
  if (told.length === 0) return whole;
  const days = told.map(({ day }) => day);
  // The days that it was compared with are those that insights ask for, and groups are judged over a whole range.
  const range = { from: dayText(Math.min(...days) - WEEKS * 7), to: dayText(Math.max(...days)) };
  return withAsker(context, async (asker) => {
    const seen = [...whole];
    for (const dimension of new Set(told.map((row) => row.dimension))) {
      const found = await asker.tryAsk({ metric: "cost", grain: "day", ...range, by: [dimension] });
      if (!isAnswer(found)) continue;
      const shown = found.rows.filter((row) => row.value !== null);
      const ids = new Set(
        shown.map((row) => `anomaly:${dimension}:${String(row[dimension] ?? "")}:${String(row["day"])}`),
      );
      seen.push(...told.filter((row) => row.dimension === dimension && ids.has(row.anomalyId)));
    }
    return seen;
  });
}
