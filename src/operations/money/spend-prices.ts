import { z } from "zod";

import { divideHalfEven, dollars, modelFamily, parseDay, priceOf } from "../../domain/index.ts";
import type { AnswerFigures, DayRange, Question, SourceChoice } from "../../metrics/index.ts";
import { usd, value } from "../figures.ts";
import { amountOf, isHidden, keepsBack, ratio, sumOf } from "./amount.ts";
import { isAnswer } from "./asking.ts";
import type { Asker } from "./asking.ts";
import type { Headline } from "./headline.ts";

const MILLION = 1_000_000n;

/** What a million tokens of each model came to, all kinds of tokens together. */
export const effectivePrices = z.array(
  z.object({
    model: z.string().nullable(),
    costUsd: usd,
    tokens: value,
    /** Null when no tokens were counted. */
    perMillionUsd: usd.nullable(),
  }),
);

/** Part of the spend that went to the family with the highest list price among those in use. */
export const premiumShare = z.object({ family: z.string(), costUsd: usd, share: z.number().nullable() }).nullable();

/** Where the tokens of the same rows are counted as those that carry the money. */
const TOKENS_OF: Readonly<Record<string, SourceChoice>> = {
  claude_code: "claude_code",
  analytics_cost: "analytics",
  cost_report: "messages",
};

/** Cost over tokens by model, both of the same use; empty where the source of the money counts no tokens. */
export async function effectivePricesOf(
  asker: Asker,
  question: Omit<Question, "metric" | "by" | "grain"> & DayRange,
): Promise<z.output<typeof effectivePrices>> {
  const { kind = "estimated", ...rest } = question;
  const cost = await asker.tryAsk({ ...rest, metric: "cost", kind, by: ["model"] });
  if (!isAnswer(cost)) return [];
  const source = TOKENS_OF[cost.source[0] ?? ""];
  if (source === undefined) return [];
  const tokens = await asker.tryAsk({ ...rest, metric: "tokens", by: ["model"], source, where: ofSameRows(question) });
  const counted = isAnswer(tokens) ? byModel(tokens) : new Map<string | null, bigint>();
  const hidden = isAnswer(tokens) ? hiddenModels(tokens) : new Set();
  const isTotalOnly = isAnswer(tokens) && tokens.rows.length === 0 && keepsBack(tokens);
  const withheld = hiddenModels(cost);
  return [...byModel(cost)]
    .filter(([model]) => !withheld.has(model))
    .map(([model, amount]) => {
      const own = isTotalOnly || hidden.has(model) ? null : (counted.get(model) ?? 0n);
      return {
        model,
        costUsd: dollars(amount),
        tokens: own === null ? null : Number(own),
        perMillionUsd: own !== null && own > 0n ? dollars(divideHalfEven(amount * MILLION, own)) : null,
      };
    });
}

/** Estimates leave subscriptions out, and so must the tokens that they are divided by. */
function ofSameRows({ kind = "estimated", where = [] }: Pick<Question, "kind" | "where">): Question["where"] {
  const value = kind === "estimated" ? "api" : kind === "notional" ? "subscription" : null;
  if (value === null || where.some(({ dimension }) => dimension === "customer_type")) return where;
  return [...where, { dimension: "customer_type", value }];
}

function hiddenModels({ rows }: AnswerFigures): ReadonlySet<string | null> {
  return new Set(rows.filter(isHidden).map((row) => (row["model"] === null ? null : String(row["model"]))));
}

function byModel(answer: AnswerFigures): Map<string | null, bigint> {
  const models = new Map<string | null, bigint>();
  for (const row of answer.rows) {
    const model = row["model"] === null ? null : String(row["model"]);
    models.set(model, (models.get(model) ?? 0n) + (amountOf(row.value, answer.unit) ?? 0n));
  }
  return models;
}

/** The dearest family in use, by the list price of its output, and its part of the spend. */
export function premiumShareOf(
  prices: z.output<typeof effectivePrices>,
  { to }: DayRange,
  totalUsd: Headline["value"],
): z.output<typeof premiumShare> {
  const day = parseDay(to, "to");
  const amounts = prices.map(({ model, costUsd }) => ({ model, amount: amountOf(costUsd, "usd") ?? 0n }));
  // Where a model is hidden its family is not known to be the dearest, nor how much of all it is.
  const whole = amountOf(totalUsd, "usd");
  if (whole === null || sumOf(amounts.map(({ amount }) => amount)) !== whole) return null;
  const used = amounts.filter(({ amount }) => amount > 0n);
  const dearest = used
    .flatMap(({ model }) => {
      const rate = model === null ? null : priceOf(model, "output_tokens", day);
      return rate === null ? [] : [{ model: model!, price: Number(rate.numerator) / Number(rate.denominator) }];
    })
    .toSorted((a, b) => b.price - a.price)[0];
  if (!dearest) return null;
  const family = modelFamily(dearest.model);
  const own = sumOf(used.filter(({ model }) => modelFamily(model ?? "") === family).map(({ amount }) => amount));
  return { family, costUsd: dollars(own), share: ratio(own, sumOf(amounts.map(({ amount }) => amount))) };
}
