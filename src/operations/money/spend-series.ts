import { z } from "zod";

import type { AnswerFigures, Grain } from "../../metrics/index.ts";
import { unit, value } from "../figures.ts";
import { amountOf, isHidden, shownAmount, sumOf } from "./amount.ts";
import { placeOf } from "./headline.ts";

/** Money over time, stacked: the largest members, and all others together. */
export const stackedSeries = z.object({
  dimension: z.string(),
  unit,
  grain: z.enum(["day", "week", "month"]),
  source: z.array(z.string()).readonly(),
  /** Largest first; the last is `other` when there are more members than are shown apart. */
  members: z.array(z.object({ key: z.string().nullable(), name: z.string(), total: value })),
  points: z.array(
    z.object({
      at: z.string(),
      /** One value a member, in their order; null where nothing was collected. */
      values: z.array(value),
      total: value,
      provisional: z.boolean(),
      partial: z.boolean(),
    }),
  ),
});

export type StackedSeries = z.output<typeof stackedSeries>;

/** Folds a breakdown over time into its largest members and the rest. Each point's values add up to its total. */
export function stacked(
  answer: AnswerFigures,
  dimension: string,
  grain: Grain,
  most: number,
  names: ReadonlyMap<string, string> = new Map(),
): StackedSeries {
  const totals = new Map<string | null, bigint>();
  const keyOf = (row: AnswerFigures["rows"][number]) => (row[dimension] === null ? null : String(row[dimension]));
  for (const row of answer.rows) {
    const key = keyOf(row);
    totals.set(key, (totals.get(key) ?? 0n) + (amountOf(row.value, answer.unit) ?? 0n));
  }
  const hidden = new Set(answer.rows.filter(isHidden).map(keyOf));
  const ordered = [...totals].toSorted(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0));
  const shown = ordered.length > most ? ordered.slice(0, most) : ordered;
  const rest = ordered.slice(shown.length);
  const places = new Map(shown.map(([key], at) => [key, at]));
  const members = shown.map(([key, total]) => ({
    key,
    name: key === null ? "none" : (names.get(key) ?? key),
    total: hidden.has(key) ? null : shownAmount(total, answer.unit),
  }));
  if (rest.length > 0) {
    const isWithheld = rest.some(([key]) => hidden.has(key));
    const total = isWithheld ? null : shownAmount(sumOf(rest.map(([, amount]) => amount)), answer.unit);
    members.push({ key: null, name: "other", total });
  }
  const byPlace = Map.groupBy(answer.rows, (row) => placeOf(row, grain));
  const points = [...byPlace].map(([at, rows]) => {
    const sums: (bigint | null)[] = members.map(() => null);
    for (const row of rows) {
      const place = places.get(keyOf(row)) ?? members.length - 1;
      const amount = amountOf(row.value, answer.unit);
      if (amount !== null && place >= 0) sums[place] = (sums[place] ?? 0n) + amount;
    }
    // What is hidden is a gap: the others of the same member would be told as all of it.
    for (const row of rows.filter(isHidden)) sums[places.get(keyOf(row)) ?? members.length - 1] = null;
    const known = sums.filter((sum) => sum !== null);
    const show = (sum: bigint | null) => (sum === null ? null : shownAmount(sum, answer.unit));
    return {
      at,
      values: sums.map(show),
      total: known.length === 0 || rows.some(isHidden) ? null : show(sumOf(known)),
      provisional: rows.some((row) => row.provisional === true),
      partial: rows.some((row) => row.partial === true),
    };
  });
  return { dimension, unit: answer.unit, grain, source: answer.source, members, points };
}
