import list from "./pricing.json" with { type: "json" };
import type { DayNumber } from "./time.ts";
import { tryDay } from "./time.ts";

/** A rate in pico-dollars a token, as an exact fraction: multipliers of tier and geography never round it. */
export interface Rate {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export type TokenType =
  | "uncached_input_tokens"
  | "cache_creation_5m_input_tokens"
  | "cache_creation_1h_input_tokens"
  | "cache_read_input_tokens"
  | "output_tokens";

export interface PriceTerms {
  /** `service_tier`; null and `standard` are the list price. */
  readonly tier?: string | null;
  /** `fast` has prices of its own. */
  readonly speed?: string | null;
  /** `us` costs more on models that offer the choice. */
  readonly geo?: string | null;
  /** Tokens of the prompt, for the models whose price has bands. */
  readonly promptTokens?: number;
}

/**
 * The list price of a model's tokens on a UTC day, or null when the list holds none that fits.
 *
 * Unknown models, tiers without a public price, and a banded price asked without the prompt's size are null: a cost is
 * never guessed.
 * Source: `pricing.json`, dated; see its `sources`.
 */
export function priceOf(model: string, tokenType: TokenType, day: DayNumber, terms: PriceTerms = {}): Rate | null {
  const priced = models().get(model);
  if (!priced) return null;
  const fast = terms.speed === "fast";
  const periods = fast ? priced.fast : priced.standard;
  const fitting = periods.filter((period) => holdsDay(period, day) && holdsPrompt(period, terms.promptTokens));
  const [period] = fitting;
  if (!period || fitting.length > 1) return null;
  const tier = tierMultiplier(terms.tier ?? "standard", fast);
  const geo = geoMultiplier(terms.geo ?? null, priced.inference_geo_us_multiplier);
  const rate = period.rates[RATE_NAMES[tokenType]];
  if (tier === null || geo === null || rate === undefined) return null;
  return times(times(picoPerToken(rate), tier), geo);
}

/** Whether the list knows the model at all, under its id or an alias. */
export function isPriced(model: string): boolean {
  return models().has(model);
}

/** `opus`, `sonnet`, …; an unknown model stays under its own name. */
export function modelFamily(model: string): string {
  return models().get(model)?.family ?? model;
}

interface PricePeriod {
  readonly effective_from: string;
  readonly effective_to: string | null;
  readonly rates: Readonly<Record<string, string>>;
  readonly prompt_tokens?: { readonly min: number; readonly max: number | null };
}

interface PricedModel {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly family: string;
  readonly inference_geo_us_multiplier: string | null;
  readonly standard: readonly PricePeriod[];
  readonly fast: readonly PricePeriod[];
}

const RATE_NAMES: Readonly<Record<TokenType, string>> = {
  uncached_input_tokens: "input",
  cache_creation_5m_input_tokens: "cache_write_5m",
  cache_creation_1h_input_tokens: "cache_write_1h",
  cache_read_input_tokens: "cache_read",
  output_tokens: "output",
};

const ONE: Rate = { numerator: 1n, denominator: 1n };
let byName: ReadonlyMap<string, PricedModel> | undefined;

function models(): ReadonlyMap<string, PricedModel> {
  byName ??= new Map(
    (list.models as readonly PricedModel[]).flatMap((model) => [model.id, ...model.aliases].map((id) => [id, model])),
  );
  return byName;
}

function holdsDay(period: PricePeriod, day: DayNumber): boolean {
  const from = tryDay(period.effective_from) ?? Infinity;
  const to = period.effective_to === null ? Infinity : (tryDay(period.effective_to) ?? -Infinity);
  return from <= day && day < to;
}

function holdsPrompt(period: PricePeriod, promptTokens: number | undefined): boolean {
  if (!period.prompt_tokens || promptTokens === undefined) return true;
  return period.prompt_tokens.min <= promptTokens && promptTokens <= (period.prompt_tokens.max ?? Infinity);
}

function tierMultiplier(tier: string, fast: boolean): Rate | null {
  if (tier === "standard") return ONE;
  // Batch and fast mode exclude each other; the other tiers have negotiated or unpublished prices.
  return tier === "batch" && !fast ? decimal(list.modifiers.batch.multiplier) : null;
}

function geoMultiplier(geo: string | null, us: string | null): Rate | null {
  if (geo !== "us") return ONE;
  return us === null ? null : decimal(us);
}

/** "2.5" dollars a million tokens is 2 500 000 pico-dollars a token. */
function picoPerToken(dollarsPerMillion: string): Rate {
  return times(decimal(dollarsPerMillion), { numerator: 1_000_000n, denominator: 1n });
}

function decimal(text: string): Rate {
  const [whole = "0", fraction = ""] = text.split(".");
  return { numerator: BigInt(whole + fraction), denominator: 10n ** BigInt(fraction.length) };
}

function times(a: Rate, b: Rate): Rate {
  const numerator = a.numerator * b.numerator;
  const denominator = a.denominator * b.denominator;
  const shared = gcd(numerator, denominator);
  return { numerator: numerator / shared, denominator: denominator / shared };
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}
