import { expect, it } from "vitest";

import { dollars, parseDay, priceOf } from "../../domain/index.ts";
import { savingOf } from "./cache-saving.ts";
import type { CacheUse } from "./cache-saving.ts";

const DAY = parseDay("2026-11-03");

const use = (more: Partial<CacheUse>): CacheUse => ({
  model: "claude-opus-4-5",
  day: DAY,
  terms: {},
  uncached: 0n,
  read: 0n,
  created5m: 0n,
  created1h: 0n,
  ...more,
});

const shown = (one: CacheUse) => {
  const saving = savingOf(one)!;
  return [dollars(saving.read), dollars(saving.write)];
};

// Opus 4.5: $5 a million tokens of input, $0.50 read, $6.25 written for 5 minutes, $10 for an hour.
it.each([
  ["a million read saves $4.50", use({ read: 1_000_000n }), ["4.50", "0.00"]],
  ["a million written for 5 minutes costs $1.25 more", use({ created5m: 1_000_000n }), ["0.00", "1.25"]],
  ["a million written for an hour costs $5 more", use({ created1h: 1_000_000n }), ["0.00", "5.00"]],
  ["one token is exact", use({ read: 1n, created5m: 1n }), ["0.0000045", "0.00000125"]],
  ["a batch is half", use({ read: 1_000_000n, created5m: 1_000_000n, terms: { tier: "batch" } }), ["2.25", "0.625"]],
])("%s", (_, one, expected) => {
  expect(priceOf("claude-opus-4-5", "uncached_input_tokens", DAY)).toEqual({ numerator: 5_000_000n, denominator: 1n });
  expect(shown(one)).toEqual(expected);
});

it("guesses no price: an unknown model, a tier without a public one, no model at all", () => {
  expect(savingOf(use({ model: "claude-of-tomorrow", read: 5n }))).toBeNull();
  expect(savingOf(use({ terms: { tier: "priority" }, read: 5n }))).toBeNull();
  expect(savingOf(use({ model: null, read: 5n }))).toBeNull();
});
