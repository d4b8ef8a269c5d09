import { z } from "zod";

import { divideHalfEven, dollars, parseDay, priceOf } from "../../domain/index.ts";
import type { DayNumber, PriceTerms, Rate, TokenType } from "../../domain/index.ts";
import type { AnswerFigures, Question } from "../../metrics/index.ts";
import { dimValues } from "../../store/index.ts";
import { dayRange, reason, trust, usd } from "../figures.ts";
import { amountOf, keepsBack, ratio } from "./amount.ts";
import { isAnswer } from "./asking.ts";
import type { Asker } from "./asking.ts";
import { trustOf } from "./headline.ts";

/** Below this many input tokens a model's hit rate says nothing. */
const JUDGED_FROM = 100_000n;

const counts = {
  readTokens: z.number(),
  created5mTokens: z.number(),
  created1hTokens: z.number(),
  uncachedTokens: z.number(),
};

export const cacheSaving = z.object({
  range: dayRange,
  source: z.array(z.string()).readonly(),
  /** Why there is no figure though the source counts cached tokens: `suppressed_for_privacy`. */
  reason: reason.nullable(),
  /** Negative: writing to the cache cost more than reading from it saved. Null when nothing has a price. */
  savingUsd: usd.nullable(),
  /** Saved by reading from the cache, and paid for writing to it. */
  readSavingUsd: usd.nullable(),
  writeCostUsd: usd.nullable(),
  hitRate: z.number().nullable(),
  models: z.array(
    z.object({
      model: z.string().nullable(),
      savingUsd: usd.nullable(),
      hitRate: z.number().nullable(),
      /** Only with at least 100,000 input tokens. */
      band: z.enum(["good", "fair", "warn"]).nullable(),
      ...counts,
    }),
  ),
  /** Uses that the price list holds no price for; their saving is in no sum. */
  unpriced: z.array(z.object({ model: z.string().nullable(), serviceTier: z.string().nullable(), tokens: z.number() })),
  /** The source does not tell the two lifetimes of cache writes apart: all are taken for five minutes. */
  lifetimeAssumed: z.boolean(),
  formula: z.string(),
  ...trust,
});

export type CacheSaving = z.output<typeof cacheSaving>;

const FORMULA =
  "read × (input price − read price) − written × (write price − input price), by model, lifetime and day, at list price";

/** Tokens of one model on one day under the same terms. */
export interface CacheUse {
  readonly model: string | null;
  readonly day: DayNumber;
  readonly terms: PriceTerms;
  readonly uncached: bigint;
  readonly read: bigint;
  readonly created5m: bigint;
  readonly created1h: bigint;
}

export interface Saving {
  /** Pico-dollars. */
  readonly read: bigint;
  readonly write: bigint;
}

/** What the cache saved on reads and cost on writes, or null when the list has no price for it. */
export function savingOf(use: CacheUse): Saving | null {
  if (use.model === null) return null;
  const price = (type: TokenType) => priceOf(use.model!, type, use.day, use.terms);
  const input = price("uncached_input_tokens");
  const read = price("cache_read_input_tokens");
  const write5m = price("cache_creation_5m_input_tokens");
  const write1h = price("cache_creation_1h_input_tokens");
  if (input === null || read === null || write5m === null || write1h === null) return null;
  return {
    read: cost(use.read, input) - cost(use.read, read),
    write:
      cost(use.created5m, write5m) -
      cost(use.created5m, input) +
      cost(use.created1h, write1h) -
      cost(use.created1h, input),
  };
}

function cost(tokens: bigint, rate: Rate): bigint {
  return divideHalfEven(tokens * rate.numerator, rate.denominator);
}

/** What caching saved over a range, or null when the source does not count cached tokens under these filters. */
export async function cacheSavingOf(asker: Asker, question: Omit<Question, "metric">): Promise<CacheSaving | null> {
  const found = await readUses(asker, question);
  if (found === null) return null;
  const { answer, lifetimeAssumed } = found;
  const isWithheld = keepsBack(answer);
  // A saving of the rest would be told as the whole.
  const uses = isWithheld ? [] : found.uses;
  const models = new Map<string | null, Totals>();
  const unpriced = new Map<string, { model: string | null; serviceTier: string | null; tokens: bigint }>();
  const whole = newTotals();
  for (const use of uses) {
    const own = models.get(use.model) ?? newTotals();
    models.set(use.model, own);
    const saving = savingOf(use);
    for (const totals of [own, whole]) addUse(totals, use, saving);
    const cached = use.read + use.created5m + use.created1h;
    if (saving !== null || cached === 0n) continue;
    const serviceTier = use.terms.tier ?? null;
    const key = JSON.stringify([use.model, serviceTier]);
    const one = unpriced.get(key) ?? { model: use.model, serviceTier, tokens: 0n };
    unpriced.set(key, { ...one, tokens: one.tokens + cached });
  }
  const shown = (totals: Totals) => (totals.priced ? dollars(totals.readSaving - totals.writeCost) : null);
  return {
    range: { from: answer.range.from, to: answer.range.to },
    source: answer.source,
    reason: isWithheld ? "suppressed_for_privacy" : null,
    savingUsd: shown(whole),
    readSavingUsd: whole.priced ? dollars(whole.readSaving) : null,
    writeCostUsd: whole.priced ? dollars(whole.writeCost) : null,
    hitRate: hitRateOf(whole),
    models: [...models]
      .map(([model, totals]) => ({
        model,
        savingUsd: shown(totals),
        hitRate: hitRateOf(totals),
        band: bandOf(totals),
        readTokens: Number(totals.read),
        created5mTokens: Number(totals.created5m),
        created1hTokens: Number(totals.created1h),
        uncachedTokens: Number(totals.uncached),
      }))
      .toSorted((a, b) => b.readTokens + b.uncachedTokens - (a.readTokens + a.uncachedTokens)),
    unpriced: [...unpriced.values()].map((one) => ({ ...one, tokens: Number(one.tokens) })),
    lifetimeAssumed,
    formula: FORMULA,
    ...trustOf(answer),
  };
}

interface Totals {
  uncached: bigint;
  read: bigint;
  created5m: bigint;
  created1h: bigint;
  readSaving: bigint;
  writeCost: bigint;
  /** Some use of it has a price. */
  priced: boolean;
}

function newTotals(): Totals {
  return { uncached: 0n, read: 0n, created5m: 0n, created1h: 0n, readSaving: 0n, writeCost: 0n, priced: false };
}

function addUse(totals: Totals, use: CacheUse, saving: Saving | null): void {
  totals.uncached += use.uncached;
  totals.read += use.read;
  totals.created5m += use.created5m;
  totals.created1h += use.created1h;
  if (saving === null) return;
  totals.readSaving += saving.read;
  totals.writeCost += saving.write;
  totals.priced = true;
}

function inputOf({ uncached, read, created5m, created1h }: Totals): bigint {
  return uncached + read + created5m + created1h;
}

function hitRateOf(totals: Totals): number | null {
  return ratio(totals.read, inputOf(totals));
}

function bandOf(totals: Totals): "good" | "fair" | "warn" | null {
  const rate = hitRateOf(totals);
  if (rate === null || inputOf(totals) < JUDGED_FROM) return null;
  return rate >= 0.8 ? "good" : rate >= 0.5 ? "fair" : "warn";
}

interface Uses {
  readonly uses: readonly CacheUse[];
  readonly answer: AnswerFigures;
  readonly lifetimeAssumed: boolean;
}

/** The messages report tells lifetimes and tiers apart; Claude Code's does not, and answers filters by person. */
async function readUses(asker: Asker, question: Omit<Question, "metric">): Promise<Uses | null> {
  const asked = { ...question, metric: "tokens", grain: "day" as const };
  const byTier = { ...asked, by: ["model", "token_type", "service_tier"] };
  const whole = await asker.tryAsk({ ...byTier, source: "messages" });
  if (isAnswer(whole) && whole.coverage.covered + whole.coverage.partial > 0) {
    const inUs = (await usesUsOnly(asker)) ? await usOnly(asker, byTier) : null;
    return { uses: usesOf(whole, inUs), answer: whole, lifetimeAssumed: false };
  }
  const answer = await asker.tryAsk({ ...asked, by: ["model", "token_type"], source: "claude_code" });
  return isAnswer(answer) ? { uses: usesOf(answer, null), answer, lifetimeAssumed: true } : null;
}

/** Inference in the US only has its own prices; it is asked for apart only where it was ever seen. */
async function usesUsOnly({ store, scope }: Asker): Promise<boolean> {
  const places = await store.read((tx) => dimValues(tx, scope, "inference_geo"));
  return [...places.values()].includes("us");
}

async function usOnly(asker: Asker, question: Question): Promise<AnswerFigures | null> {
  const where = [...(question.where ?? []), { dimension: "inference_geo", value: "us" }];
  const found = await asker.tryAsk({ ...question, where, source: "messages" });
  return isAnswer(found) ? found : null;
}

function usesOf(whole: AnswerFigures, inUs: AnswerFigures | null): CacheUse[] {
  const uses = new Map<string, Use>();
  const place = (row: AnswerFigures["rows"][number], geo: string | null): Use => {
    const model = textOf(row["model"]);
    const tier = textOf(row["service_tier"]);
    const key = JSON.stringify([row["day"], model, tier, geo]);
    const use = uses.get(key) ?? newUse(model, parseDay(String(row["day"])), { tier, geo });
    uses.set(key, use);
    return use;
  };
  for (const row of whole.rows)
    addTokens(place(row, null), textOf(row["token_type"]), amountOf(row.value, "tokens") ?? 0n);
  for (const row of inUs?.rows ?? []) {
    const tokens = amountOf(row.value, "tokens") ?? 0n;
    if (tokens === 0n) continue;
    addTokens(place(row, "us"), textOf(row["token_type"]), tokens);
    addTokens(place(row, null), textOf(row["token_type"]), -tokens);
  }
  return [...uses.values()];
}

type Use = { -readonly [K in keyof CacheUse]: CacheUse[K] };

function newUse(model: string | null, day: DayNumber, terms: PriceTerms): Use {
  return { model, day, terms, uncached: 0n, read: 0n, created5m: 0n, created1h: 0n };
}

function addTokens(use: Use, type: string | null, tokens: bigint): void {
  if (type === "uncached_input_tokens") use.uncached += tokens;
  else if (type === "cache_read_input_tokens") use.read += tokens;
  else if (type === "cache_creation.ephemeral_1h_input_tokens") use.created1h += tokens;
  else if (type?.startsWith("cache_creation")) use.created5m += tokens;
}

function textOf(text: unknown): string | null {
  return typeof text === "string" ? text : null;
}
