import { z } from "zod";

import { listedNames } from "../../metrics/index.ts";
import type { AnswerFigures, CostKind, DayRange, Question } from "../../metrics/index.ts";
import { costKind } from "../filters.ts";
import { mayNameKeys } from "../privacy.ts";
import { change, reason, unit, value } from "../figures.ts";
import { amountOf, isHidden, ratio, shownAmount, sumOf } from "./amount.ts";
import { isAnswer, rangeBefore } from "./asking.ts";
import type { Asker } from "./asking.ts";
import { changeOf } from "./change.ts";

/** Spend by the members of one dimension; by tokens where no source tells its money. */
export const spendTable = z.object({
  dimension: z.string(),
  metric: z.enum(["cost", "tokens"]),
  unit,
  /** The kind of money, which is another than asked where the asked one cannot be split like this. */
  kind: costKind.nullable(),
  source: z.array(z.string()).readonly(),
  /** Why there is no table, or null. */
  unavailable: z.string().nullable(),
  total: value,
  /** Of the period before; null where it is not held whole. */
  previousTotal: value,
  reason: reason.nullable(),
  rows: z.array(
    z.object({
      /** The id that a filter takes; null is the missing value. */
      key: z.string().nullable(),
      /** What it is called. */
      name: z.string().nullable(),
      value,
      reason: reason.nullable(),
      /** Part of the total, 0 to 1. */
      share: z.number().nullable(),
      previous: value,
      change: change.nullable(),
    }),
  ),
  /** Rows beyond those listed: how many, and what they come to together; null when some of it is hidden. */
  rest: z.object({ members: z.int(), value }).nullable(),
});

export type SpendTable = z.output<typeof spendTable>;

/** What the ids of a dimension are called; others are their own names. */
export async function memberNames({ store, scope }: Asker, dimension: string): Promise<ReadonlyMap<string, string>> {
  if (dimension === "workspace") return store.read((tx) => listedNames(tx, scope, "workspaces"));
  return dimension === "api_key" && mayNameKeys(scope)
    ? store.read((tx) => listedNames(tx, scope, "api_keys"))
    : new Map();
}

/**
 * The members of a dimension by what they cost. A dimension that the asked kind of money does not know is answered
 * with another kind, then in tokens, and the table says so.
 */
export async function spendTableOf(
  asker: Asker,
  question: Omit<Question, "metric" | "by" | "grain"> & DayRange,
  dimension: string,
  names: ReadonlyMap<string, string>,
  most: number,
): Promise<SpendTable> {
  const { kind = "estimated", ...rest } = question;
  const kinds = [kind, ...(["net", "list", "estimated"] as const).filter((one) => one !== kind)];
  let why = "";
  for (const one of kinds) {
    const asked = { ...rest, metric: "cost", kind: one, by: [dimension] };
    const found = await asker.tryAsk(asked);
    if (isAnswer(found) && found.coverage.covered + found.coverage.partial > 0) {
      return tableOf(asker, asked, found, dimension, one, names, most);
    }
    why ||= isAnswer(found) ? "nothing of it was collected in this range" : found.unavailable;
  }
  const asked = { ...rest, metric: "tokens", by: [dimension] };
  const found = await asker.tryAsk(asked);
  if (isAnswer(found) && found.coverage.covered + found.coverage.partial > 0) {
    return tableOf(asker, asked, found, dimension, null, names, most);
  }
  return {
    dimension,
    metric: "cost",
    unit: "usd",
    kind,
    source: [],
    unavailable: why,
    total: null,
    previousTotal: null,
    reason: "not_reported_by_source",
    rows: [],
    rest: null,
  };
}

async function tableOf(
  asker: Asker,
  asked: Question & DayRange,
  found: AnswerFigures,
  dimension: string,
  kind: CostKind | null,
  names: ReadonlyMap<string, string>,
  most: number,
): Promise<SpendTable> {
  const asEarlier = await asker.tryAsk({ ...asked, ...rangeBefore(found.range, asker.compareTo) });
  const isKnown = isAnswer(asEarlier) && asEarlier.coverage.covered === asEarlier.coverage.days;
  const earlier = isKnown ? asEarlier : null;
  const keyOf = (row: AnswerFigures["rows"][number]) => (row[dimension] === null ? null : String(row[dimension]));
  const then = new Map(earlier?.rows.map((row) => [keyOf(row), row.value]));
  const total = amountOf(found.total.value, found.unit);
  const listed = found.rows.slice(0, most);
  const left = found.rows.slice(most);
  return {
    dimension,
    metric: kind === null ? "tokens" : "cost",
    unit: found.unit,
    kind,
    source: found.source,
    unavailable: null,
    total: found.total.value,
    previousTotal: earlier === null ? null : earlier.total.value,
    reason: found.total.reason ?? null,
    rows: listed.map((row) => {
      const key = keyOf(row);
      const amount = amountOf(row.value, found.unit);
      const before = then.get(key);
      const previous = earlier === null ? null : before === undefined ? shownAmount(0n, found.unit) : before;
      return {
        key,
        name: key === null ? null : (names.get(key) ?? key),
        value: row.value,
        reason: row.reason ?? null,
        share: amount === null || total === null ? null : ratio(amount, total),
        previous,
        change: changeOf(row.value, previous, found.unit),
      };
    }),
    rest:
      left.length === 0
        ? null
        : {
            members: left.length,
            value: left.some(isHidden)
              ? null
              : shownAmount(sumOf(left.map((row) => amountOf(row.value, found.unit) ?? 0n)), found.unit),
          },
  };
}
