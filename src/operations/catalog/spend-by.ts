import { z } from "zod";

import { defineOperation } from "../define.ts";
import { dayRange, trust, warnings } from "../figures.ts";
import { compareTo, filters, grain } from "../filters.ts";
import { isAnswer, withAsker } from "../money/asking.ts";
import { commonRange } from "../money/common-range.ts";
import { trustOf } from "../money/headline.ts";
import { stacked, stackedSeries } from "../money/spend-series.ts";
import { memberNames, spendTable, spendTableOf } from "../money/spend-table.ts";

const MOST = 50;
const SERIES = 7;

export const spendBy = defineOperation({
  id: "spendBy",
  title: "Spend by",
  summary: "Who or what spent the most: the largest members of one dimension, with the period before and the rest.",
  input: z.object({
    ...filters,
    compareTo: compareTo.optional(),
    by: z.string().describe("model, workspace, api_key, team, person, terminal, …"),
    grain: grain.optional().describe("also the largest members over time"),
    most: z.coerce.number().int().min(1).max(1000).optional().describe(`members listed, default ${MOST}`),
  }),
  output: z.object({
    range: dayRange,
    table: spendTable,
    /** The seven largest and all others together; null unless a grain was asked for. */
    series: stackedSeries.nullable(),
    asOf: z.string(),
    ...trust,
    warnings,
  }),
  permission: "read",
  effect: "read",
  past: "record",
  audit: "none: figures of the whole organization; individuals appear as the caller's privacy mode lets them",
  run: (context, { by, most = MOST, grain: coarse, compareTo: how, ...narrowed }) =>
    withAsker(
      context,
      async (asker) => {
        const question = { metric: "cost", ...narrowed };
        const { from, to } = (await commonRange(asker, [question])) ?? (await asker.ask(question)).range;
        const names = await memberNames(asker, by);
        const own = { ...narrowed, from, to };
        const table = await spendTableOf(asker, own, by, names, most);
        const { kind: _, ...unkinded } = own;
        const shown = { ...unkinded, metric: table.metric, ...(table.kind === null ? {} : { kind: table.kind }) };
        const whole = await asker.ask(shown);
        const split = coarse === undefined ? null : await asker.tryAsk({ ...shown, by: [by], grain: coarse });
        return {
          range: { from, to },
          table,
          series: coarse && split && isAnswer(split) ? stacked(split, by, coarse, SERIES, names) : null,
          asOf: whole.asOf,
          ...trustOf(whole),
          warnings: whole.warnings,
        };
      },
      how,
    ),
});
