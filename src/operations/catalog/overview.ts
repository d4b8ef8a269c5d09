import { z } from "zod";

import { dayText, parseDay } from "../../domain/index.ts";
import type { DayRange, Question } from "../../metrics/index.ts";
import { defineOperation } from "../define.ts";
import { dayRange, headline, usd, warnings } from "../figures.ts";
import { compareTo, filters } from "../filters.ts";
import { isAnswer, withAsker } from "../money/asking.ts";
import type { Asker } from "../money/asking.ts";
import { amountOf } from "../money/amount.ts";
import { commonRange } from "../money/common-range.ts";
import { explain } from "../money/explain.ts";
import type { Explained } from "../money/explain.ts";
import { dataHealth, dataHealthOf } from "../money/health.ts";
import { headlineOf } from "../money/headline.ts";
import { readSettings } from "../tenant-settings.ts";

/** What a platform lead asks first: spend, people, adoption, acceptance, output. */
const HEADLINES = [
  "cost",
  "active_users",
  "adoption_rate",
  "accept_rate",
  "pull_requests",
  "commits",
  "lines_added",
  "sessions",
] as const;

/** What the roll-ups tell at once, and what has to be read row by row. */
const CAUSES = ["model_family", "population"] as const;
const CAUSES_BY_ROW = ["team", "terminal"] as const;
/** Up to so many person-days in the two weeks the rows are read: beyond, the first page would wait for them. */
const MOST_PERSON_DAYS = 5_000;
const MOST_CAUSES = 5;
const WEEK = 7;

const cause = z.object({
  dimension: z.string(),
  key: z.string().nullable(),
  previousUsd: usd,
  currentUsd: usd,
  differenceUsd: usd,
  isNew: z.boolean(),
  isGone: z.boolean(),
});

export const overview = defineOperation({
  id: "overview",
  title: "Overview",
  summary: "Spend, active users, adoption, accept rate and output; what changed since last week; data health.",
  input: z.object({ ...filters, compareTo: compareTo.optional() }),
  output: z.object({
    range: dayRange.nullable(),
    headlines: z.array(headline),
    /** Billed cost of all use, beside the estimate of Claude Code that `cost` is by default. */
    billed: headline,
    /** The last seven days of the range against the seven before. */
    sinceLastWeek: z.object({
      current: dayRange.nullable(),
      previous: dayRange.nullable(),
      differenceUsd: usd.nullable(),
      /** The largest changes in money of any member of these dimensions; they overlap and do not add up. */
      causes: z.array(cause),
      dimensions: z.array(z.string()),
      /** Not looked at because there are too many rows for a first page; `explainChange` does. */
      leftOut: z.array(z.string()),
      /** Why there is nothing to compare, in words, or null. */
      notComparable: z.string().nullable(),
    }),
    /** What the tenant wants to spend in a month, or null. */
    budgetMonthlyUsd: usd.nullable(),
    health: dataHealth,
    warnings,
  }),
  permission: "read",
  effect: "read",
  past: "record",
  audit: "none: figures of the whole organization, no individual",
  run: (context, { compareTo: how, ...asked }) =>
    withAsker(
      context,
      async (asker) => {
        const range = await commonRange(asker, [{ metric: "cost", ...asked }]);
        const own = { ...asked, ...range };
        const headlines = [];
        for (const metric of HEADLINES) headlines.push(await headlineOf(asker, { ...own, metric }, true));
        return {
          range,
          headlines,
          billed: await headlineOf(asker, { ...own, metric: "cost", kind: "net" }, true),
          sinceLastWeek: await lastWeek(asker, own, range),
          budgetMonthlyUsd: (await asker.store.read((tx) => readSettings(tx, context.scope))).budgetMonthlyUsd,
          health: await dataHealthOf(asker, context.streams, range ?? {}, false),
          warnings: [],
        };
      },
      how,
    ),
});

async function lastWeek(asker: Asker, own: Omit<Question, "metric">, range: DayRange | null) {
  const nothing = { current: null, previous: null, differenceUsd: null, causes: [], dimensions: [], leftOut: [] };
  if (range === null) return { ...nothing, notComparable: "no day of this range is held whole" };
  const to = parseDay(range.to);
  const current = { from: dayText(Math.max(0, to - WEEK + 1)), to: range.to };
  const weeks = { from: dayText(Math.max(0, to - 2 * WEEK + 1)), to: range.to };
  const few = await asker.tryAsk({ metric: "active_person_days", population: "all", ...weeks });
  const isSmall = isAnswer(few) && Number(few.total.value ?? 0) <= MOST_PERSON_DAYS;
  const dimensions = isSmall ? [...CAUSES, ...CAUSES_BY_ROW] : [...CAUSES];
  const found = await explain(asker, { ...own, ...current, metric: "cost" }, dimensions, null, MOST_CAUSES);
  return {
    current,
    previous: found.previous.range,
    differenceUsd: found.change === null ? null : String(found.change.absolute),
    causes: largest(found),
    dimensions,
    leftOut: isSmall ? [] : [...CAUSES_BY_ROW],
    notComparable: found.notComparable,
  };
}

/** The largest movements over all dimensions, whichever way. */
function largest({ dimensions }: Explained) {
  const size = ({ differenceUsd }: { readonly differenceUsd: string }) => {
    const amount = amountOf(differenceUsd, "usd") ?? 0n;
    return amount < 0n ? -amount : amount;
  };
  return dimensions
    .filter(({ contributions }) => contributions.length > 1)
    .flatMap(({ dimension, contributions }) =>
      contributions.map(({ key, previous, current, difference, isNew, isGone }) => ({
        dimension,
        key,
        previousUsd: String(previous),
        currentUsd: String(current),
        differenceUsd: String(difference),
        isNew,
        isGone,
      })),
    )
    .filter((one) => size(one) > 0n)
    .toSorted((a, b) => (size(a) < size(b) ? 1 : size(a) > size(b) ? -1 : 0))
    .slice(0, MOST_CAUSES);
}
