import { dayIndex } from "./calendar.ts";

/**
 * The published price list, read independently of the product so that a shared mistake cannot hide.
 *
 * Dollars per million tokens; state of 2026-11-21. Haiku 5.5 is here at its band up to 100k prompt tokens only: all
 * invented prompts stay below. Models that no world of 2025 or later would call are left out.
 */
export type Family = "fable" | "opus" | "sonnet" | "haiku";

/** In the order of `Rates` below. */
export const TOKEN_TYPES = [
  "uncached_input_tokens",
  "cache_creation.ephemeral_5m_input_tokens",
  "cache_creation.ephemeral_1h_input_tokens",
  "cache_read_input_tokens",
  "output_tokens",
] as const;

/** Whole pico-dollars (1e-12 USD) per token, one for each of `TOKEN_TYPES`. */
export type Rates = readonly [number, number, number, number, number];

export interface Model {
  readonly id: string;
  readonly title: string;
  readonly family: Family;
  /** Day indexes: first day of service, first day without. */
  readonly from: number;
  readonly until: number;
  /** Reports a geography (4.6 and later); older ones say `not_available` and refuse `us`. */
  readonly hasGeo: boolean;
  readonly prices: readonly Price[];
  readonly fast: (Price & { readonly until: number }) | null;
}

interface Price {
  /** Worked out when first asked for, by modifiers. */
  readonly rates: (Rates | undefined)[];
  readonly from: number;
  readonly input: number;
  /** As a factor of the input price. */
  readonly cacheRead: number;
  readonly output: number;
}

export interface Modifiers {
  readonly isBatch: boolean;
  readonly isUs: boolean;
  readonly isFast: boolean;
}

const NEVER = "9999-12-31";

/** id | family | from | until | hasGeo | in/read factor/out, `;` before a later price with its date | fast in/out from..until */
const TABLE = `
claude-fable-5-2           | fable  | 2026-11-09 | ${NEVER}   | geo | 8/0.025/40                         | 16/80 2026-11-09..${NEVER}
claude-fable-5-1           | fable  | 2026-09-01 | ${NEVER}   | geo | 10/0.025/50                        |
claude-fable-5             | fable  | 2026-06-09 | ${NEVER}   | geo | 10/0.1/50                          |
claude-opus-5-5            | opus   | 2026-09-22 | ${NEVER}   | geo | 4/0.05/20                          | 8/40 2026-10-15..${NEVER}
claude-opus-5              | opus   | 2026-07-24 | ${NEVER}   | geo | 5/0.1/25                           | 10/50 2026-07-24..${NEVER}
claude-opus-4-8            | opus   | 2026-05-28 | ${NEVER}   | geo | 5/0.1/25                           | 10/50 2026-05-28..2026-11-30
claude-opus-4-7            | opus   | 2026-04-16 | ${NEVER}   | geo | 5/0.1/25                           | 30/150 2026-05-12..2026-07-24
claude-opus-4-6            | opus   | 2026-02-05 | ${NEVER}   | geo | 5/0.1/25                           | 30/150 2026-02-07..2026-06-29
claude-opus-4-5-20251101   | opus   | 2025-11-24 | ${NEVER}   | -   | 5/0.1/25                           |
claude-opus-4-1-20250805   | opus   | 2025-08-05 | 2026-08-05 | -   | 15/0.1/75                          |
claude-opus-4-20250514     | opus   | 2025-05-22 | 2026-06-15 | -   | 15/0.1/75                          |
claude-3-opus-20240229     | opus   | 2024-03-04 | 2026-01-05 | -   | 15/0.1/75                          |
claude-sonnet-5-5          | sonnet | 2026-09-28 | ${NEVER}   | geo | 2/0.1/10;2026-10-07 2/0.05/10      |
claude-sonnet-5            | sonnet | 2026-06-30 | ${NEVER}   | geo | 2/0.1/10                           |
claude-sonnet-4-6          | sonnet | 2026-02-17 | ${NEVER}   | geo | 3/0.1/15                           |
claude-sonnet-4-5-20250929 | sonnet | 2025-09-29 | 2026-11-30 | -   | 3/0.1/15                           |
claude-sonnet-4-20250514   | sonnet | 2025-05-22 | 2026-06-15 | -   | 3/0.1/15                           |
claude-3-7-sonnet-20250219 | sonnet | 2025-02-24 | 2026-02-19 | -   | 3/0.1/15                           |
claude-3-5-sonnet-20241022 | sonnet | 2024-10-22 | 2025-10-28 | -   | 3/0.1/15                           |
claude-haiku-5-5           | haiku  | 2026-10-07 | ${NEVER}   | geo | 0.1/0.1/0.5                        |
claude-haiku-4-5-20251001  | haiku  | 2025-10-15 | ${NEVER}   | -   | 1/0.1/5                            |
claude-3-5-haiku-20241022  | haiku  | 2024-12-03 | 2026-02-19 | -   | 0.8/0.1/4                          |
`;

/** Newest first within each family. */
export const MODELS: readonly Model[] = TABLE.trim().split("\n").map(parseModel);

const MODELS_BY_ID = new Map(MODELS.map((model) => [model.id, model]));

/** @throws RangeError for a model that the list lacks. */
export function modelOf(id: string): Model {
  const model = MODELS_BY_ID.get(id);
  if (model === undefined) throw new RangeError(`no such model: ${id}`);
  return model;
}

/** Models of a family that may be called on that day, newest first. */
export function inService(family: Family, day: number): readonly Model[] {
  const naming = `${family} ${day}`;
  let models = serving.get(naming);
  if (models === undefined) {
    models = MODELS.filter((model) => model.family === family && model.from <= day && day < model.until);
    serving.set(naming, models);
  }
  return models;
}

const serving = new Map<string, readonly Model[]>();

export function hasFast(model: Model, day: number): boolean {
  return model.fast !== null && model.fast.from <= day && day < model.fast.until;
}

/**
 * What each kind of token costs on that day, exactly: every combination of the list is a whole number of pico-dollars.
 *
 * Cache writes are 1.25 and 2 times the input price; batch halves, US-only inference multiplies by 1.1, and both stack.
 */
export function ratesOf(model: Model, day: number, modifiers: Modifiers): Rates {
  const standard = model.prices.findLast((price) => price.from <= day) ?? model.prices[0];
  const price = modifiers.isFast && model.fast !== null ? model.fast : standard;
  if (price === undefined) throw new RangeError(`no price for ${model.id}`);
  const at = (modifiers.isBatch ? 1 : 0) + (modifiers.isUs ? 2 : 0);
  return (price.rates[at] ??= workOut(price, modifiers));
}

function workOut(price: Price, modifiers: Modifiers): Rates {
  const factor = (modifiers.isBatch ? 0.5 : 1) * (modifiers.isUs ? 1.1 : 1);
  // Rounding only removes the dust of binary fractions (0.1 × 0.025): the products themselves are whole.
  const rate = (dollars: number): number => Math.round(dollars * factor * 1e6);
  return [
    rate(price.input),
    rate(price.input * 1.25),
    rate(price.input * 2),
    rate(price.input * price.cacheRead),
    rate(price.output),
  ];
}

function parseModel(line: string): Model {
  const [id = "", family = "", from = "", until = "", geo = "", prices = "", fast = ""] = line
    .split("|")
    .map((part) => part.trim());
  return {
    id,
    title: titleOf(id),
    family: family as Family, // the table above is ours; the tests walk it
    from: dayIndex(from),
    until: dayIndex(until),
    hasGeo: geo === "geo",
    prices: prices.split(";").map((part) => parsePrice(part, dayIndex(from))),
    fast: parseFast(fast, prices),
  };
}

function parsePrice(part: string, released: number): Price {
  const [rates = "", day] = part.split(" ").toReversed();
  const [input = 0, cacheRead = 0, output = 0] = rates.split("/").map(Number);
  return { rates: [], from: day === undefined ? released : dayIndex(day), input, cacheRead, output };
}

function parseFast(text: string, prices: string): Model["fast"] {
  if (text === "") return null;
  const [rates = "", span = ""] = text.split(" ");
  const [input = 0, output = 0] = rates.split("/").map(Number);
  const [from = "", until = ""] = span.split("..");
  return {
    rates: [],
    from: dayIndex(from),
    until: dayIndex(until),
    input,
    cacheRead: parsePrice(prices, 0).cacheRead,
    output,
  };
}

/** `claude-sonnet-4-5-20250929` is "Claude Sonnet 4.5", `claude-3-5-haiku-20241022` is "Claude Haiku 3.5". */
function titleOf(id: string): string {
  const parts = id
    .split("-")
    .slice(1)
    .filter((part) => part.length < 8);
  const family = parts.find((part) => /^[a-z]+$/.test(part)) ?? "";
  const version = parts.filter((part) => part !== family).join(".");
  return `Claude ${family.charAt(0).toUpperCase()}${family.slice(1)} ${version}`;
}
