import { z } from "zod";

import type { Answer, DayRange, Question } from "../../metrics/index.ts";
import type { OperationContext } from "../context.ts";
import { defineOperation } from "../define.ts";
import { dayRange, headline, reason, usd, value, warnings } from "../figures.ts";
import { compareTo, filters, grain } from "../filters.ts";
import { isAnswer, withAsker } from "../money/asking.ts";
import type { Asker, Unavailable } from "../money/asking.ts";
import { cacheSaving, cacheSavingOf } from "../money/cache-saving.ts";
import { amountsOfPeople } from "../money/checks/concentrated-spend.ts";
import { commonRange } from "../money/common-range.ts";
import { concentration, concentrationOf } from "../money/concentration.ts";
import { monthForecast } from "../money/forecast.ts";
import { grainFor, headlineOf } from "../money/headline.ts";
import { monthForecastOf } from "../money/month-forecast.ts";
import { reconcile, reconciliation } from "../money/reconcile.ts";
import { effectivePrices, effectivePricesOf, premiumShare, premiumShareOf } from "../money/spend-prices.ts";
import { stacked, stackedSeries } from "../money/spend-series.ts";
import { readSettings } from "../tenant-settings.ts";
import { memberNames, spendTable, spendTableOf } from "../money/spend-table.ts";

const FAMILIES = 8;
const TABLE_ROWS = 50;

export const spend = defineOperation({
  id: "spend",
  title: "Spend",
  summary: "Money over time and by model, workspace, key, team and person; cache saving, kinds of money, forecast.",
  input: z.object({ ...filters, grain: grain.optional(), compareTo: compareTo.optional() }),
  output: z.object({
    range: dayRange,
    total: headline,
    /** By model family, the eight largest and `other`. */
    series: stackedSeries.nullable(),
    tables: z.object({
      model: spendTable,
      workspace: spendTable,
      apiKey: spendTable,
      team: spendTable,
      /** Null unless the caller may see individuals. */
      person: spendTable.nullable(),
    }),
    tokenTypes: z.array(
      z.object({
        type: z.string().nullable(),
        tokens: value,
        costUsd: usd.nullable(),
        costKind: z.string().nullable(),
      }),
    ),
    cacheSaving: cacheSaving.nullable(),
    reconciliation,
    /** Of people's spend; service keys are no people. */
    concentration,
    effectivePrices,
    premiumShare,
    /** How much of the spend belongs to somebody: what keys without an owner spent is the rest. */
    attribution: z.object({
      unmappedUsd: usd.nullable(),
      unmappedShare: z.number().nullable(),
      keys: z.int().nullable(),
      reason: reason.nullable(),
    }),
    forecast: monthForecast,
    warnings,
  }),
  permission: "read",
  effect: "read",
  past: "record",
  audit: "none: figures of the whole organization; people only for callers who may see individuals",
  run: (context, { grain: asked, compareTo: how, ...narrowed }) =>
    withAsker(
      context,
      async (asker) => {
        const question = { metric: "cost", ...narrowed };
        const range = (await commonRange(asker, [question])) ?? fallbackRange(await asker.ask(question));
        const own = { ...narrowed, ...range };
        const total = await headlineOf(asker, { ...own, metric: "cost" }, true);
        const coarse = asked ?? grainFor(range.from, range.to);
        const byFamily = await asker.tryAsk({ ...own, metric: "cost", by: ["model_family"], grain: coarse });
        const { budgetMonthlyUsd: budget } = await asker.store.read((tx) => readSettings(tx, context.scope));
        const prices = await effectivePricesOf(asker, own);
        const { kind: _, ...unkinded } = own;
        const plain = await asker.tryAskWhole({ ...own, metric: "cost" });
        return {
          range,
          total,
          series: isAnswer(byFamily) ? stacked(byFamily, "model_family", coarse, FAMILIES) : null,
          tables: await tablesOf(context, asker, own),
          tokenTypes: await tokenTypesOf(asker, own),
          cacheSaving: await cacheSavingOf(asker, unkinded),
          reconciliation: await reconcile(asker, unkinded),
          concentration: await concentrationIn(asker, own),
          effectivePrices: prices,
          premiumShare: premiumShareOf(prices, range, total.value),
          attribution: attributionOf(plain),
          forecast: await monthForecastOf(asker, narrowed, budget),
          warnings: total.warnings,
        };
      },
      how,
    ),
});

/** What nobody owns; unknown, rather than nothing, where no day was read. */
function attributionOf(plain: Answer | Unavailable) {
  const none = { unmappedUsd: null, unmappedShare: null, keys: null };
  if (!isAnswer(plain)) return { ...none, reason: "not_reported_by_source" as const };
  const { unmapped, coverage } = plain;
  if (coverage.covered + coverage.partial === 0) return { ...none, reason: "not_collected_yet" as const };
  return {
    unmappedUsd: unmapped.value === null ? null : String(unmapped.value),
    unmappedShare: unmapped.share,
    keys: unmapped.actors,
    reason: unmapped.reason ?? null,
  };
}

type Asked = Omit<Question, "metric" | "by" | "grain"> & DayRange;

function fallbackRange({ range }: { readonly range: DayRange }): DayRange {
  return { from: range.from, to: range.to };
}

async function tablesOf({ scope }: OperationContext, asker: Asker, own: Asked) {
  const table = async (dimension: string) =>
    spendTableOf(asker, own, dimension, await memberNames(asker, dimension), TABLE_ROWS);
  // Where individuals are not shown at all; under pseudonyms they are.
  const mayName = scope.privacy.mode !== "teams";
  return {
    model: await table("model"),
    workspace: await table("workspace"),
    apiKey: await table("api_key"),
    team: await table("team"),
    person: mayName ? await table("person") : null,
  };
}

async function tokenTypesOf(asker: Asker, { kind = "net", ...own }: Asked) {
  const tokens = await asker.tryAsk({ ...own, metric: "tokens", by: ["token_type"] });
  if (!isAnswer(tokens)) return [];
  // Estimates are by model alone; the reports of what is billed tell kinds of tokens apart.
  const costKind = kind === "list" ? kind : "net";
  const money = await asker.tryAsk({ ...own, metric: "cost", kind: costKind, by: ["token_type"] });
  const costs = new Map(
    isAnswer(money) && money.coverage.covered > 0 ? money.rows.map((row) => [row["token_type"], row.value]) : [],
  );
  return tokens.rows.map((row) => {
    const cost = costs.get(row["token_type"]) ?? null;
    return {
      type: row["token_type"] === null ? null : String(row["token_type"]),
      tokens: row.value,
      costUsd: cost === null ? null : String(cost),
      costKind: cost === null ? null : costKind,
    };
  });
}

/** Of all people, whoever asks: two figures about the whole, and too few people show none. */
async function concentrationIn(asker: Asker, { from, to, ...narrowed }: Asked) {
  const amounts = await amountsOfPeople({ asker, range: { from, to }, filters: narrowed });
  const { privacy } = asker.scope;
  return concentrationOf(amounts ?? [], privacy.mode === "named" ? 1 : privacy.minimumGroup);
}
