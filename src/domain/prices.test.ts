import { describe, expect, it } from "vitest";

import { isPriced, modelFamily, priceOf } from "./prices.ts";
import type { PriceTerms, TokenType } from "./prices.ts";
import { parseDay } from "./time.ts";

describe("the list price of a token", () => {
  it.each<[string, TokenType, string, PriceTerms, bigint, bigint]>([
    ["claude-fable-5-2", "uncached_input_tokens", "2026-11-10", {}, 8_000_000n, 1n],
    ["claude-fable-5-2", "cache_read_input_tokens", "2026-11-10", {}, 200_000n, 1n],
    ["claude-fable-5-2", "output_tokens", "2026-11-10", { speed: "fast" }, 80_000_000n, 1n],
    ["claude-fable-5-2", "output_tokens", "2026-11-10", { tier: "batch", geo: "us" }, 22_000_000n, 1n],
    ["claude-fable-5-2", "output_tokens", "2026-11-10", { tier: "standard", geo: "global" }, 40_000_000n, 1n],
    // The cache price of this model halved on 2026-10-07: the day before and the day itself.
    ["claude-sonnet-5-5", "cache_read_input_tokens", "2026-10-06", {}, 200_000n, 1n],
    ["claude-sonnet-5-5", "cache_read_input_tokens", "2026-10-07", {}, 100_000n, 1n],
    ["claude-3-haiku-20240307", "cache_read_input_tokens", "2026-01-01", {}, 30_000n, 1n],
  ])("of %s %s on %s with %j", (model, type, date, terms, numerator, denominator) => {
    expect(priceOf(model, type, parseDay(date), terms)).toEqual({ numerator, denominator });
  });

  it("is the same under an alias", () => {
    const day = parseDay("2026-01-01");
    const price = priceOf("claude-haiku-4-5", "output_tokens", day);
    expect(price).not.toBeNull();
    expect(price).toEqual(priceOf("claude-haiku-4-5-20251001", "output_tokens", day));
  });

  it.each<[string, string, string, PriceTerms]>([
    ["an unknown model", "claude-unheard-of", "2026-11-10", {}],
    ["a day before its first price", "claude-fable-5-2", "2026-11-08", {}],
    ["a tier without a public price", "claude-fable-5-2", "2026-11-10", { tier: "flex" }],
    ["batch in fast mode, which does not exist", "claude-fable-5-2", "2026-11-10", { tier: "batch", speed: "fast" }],
    ["fast mode of a model that has none", "claude-fable-5-1", "2026-11-10", { speed: "fast" }],
    ["a geography that the model refuses", "claude-haiku-4-5", "2026-11-10", { geo: "us" }],
    ["a banded price without the size of the prompt", "claude-haiku-5-5", "2026-11-10", {}],
  ])("is unknown for %s", (_, model, date, terms) => {
    expect(priceOf(model, "output_tokens", parseDay(date), terms)).toBeNull();
  });

  it("follows the band of the prompt where the list has bands", () => {
    const day = parseDay("2026-11-10");
    const small = priceOf("claude-haiku-5-5", "output_tokens", day, { promptTokens: 100_000 });
    const large = priceOf("claude-haiku-5-5", "output_tokens", day, { promptTokens: 100_001 });
    expect(small).not.toBeNull();
    expect(large!.numerator * small!.denominator).toBeGreaterThan(small!.numerator * large!.denominator);
  });

  it("keeps a rate exact where pico-dollars alone would not", () => {
    // $0.1 a million, halved in a batch, a tenth more in the US: 100 000 x 0.5 x 1.1 pico-dollars.
    const rate = priceOf("claude-sonnet-5-5", "cache_read_input_tokens", parseDay("2026-11-10"), {
      tier: "batch",
      geo: "us",
    });
    expect(rate).toEqual({ numerator: 55_000n, denominator: 1n });
  });
});

describe("a model's family", () => {
  it("groups the snapshots and leaves an unknown model under its own name", () => {
    expect(modelFamily("claude-opus-4-5-20251101")).toBe("opus");
    expect(modelFamily("claude-unheard-of")).toBe("claude-unheard-of");
    expect(isPriced("claude-unheard-of")).toBe(false);
  });
});
