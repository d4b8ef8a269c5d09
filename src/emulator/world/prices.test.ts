import { expect, it } from "vitest";
import { dayIndex } from "./calendar.ts";
import { MODELS, hasFast, inService, modelOf, ratesOf } from "./prices.ts";

const PLAIN = { isBatch: false, isUs: false, isFast: false };
const rates = (id: string, day: string, modifiers = {}) =>
  ratesOf(modelOf(id), dayIndex(day), { ...PLAIN, ...modifiers });

// Pico-dollars a token: dollars per million tokens, times a million.
it.each([
  ["claude-opus-5-5", "2026-11-20", {}, [4_000_000, 5_000_000, 8_000_000, 200_000, 20_000_000]],
  ["claude-sonnet-5-5", "2026-10-06", {}, [2_000_000, 2_500_000, 4_000_000, 200_000, 10_000_000]],
  ["claude-sonnet-5-5", "2026-10-07", {}, [2_000_000, 2_500_000, 4_000_000, 100_000, 10_000_000]],
  ["claude-haiku-5-5", "2026-10-07", { isBatch: true, isUs: true }, [55_000, 68_750, 110_000, 5_500, 275_000]],
  ["claude-fable-5-1", "2026-09-02", { isUs: true }, [11_000_000, 13_750_000, 22_000_000, 275_000, 55_000_000]],
  ["claude-fable-5-2", "2026-11-20", { isFast: true }, [16_000_000, 20_000_000, 32_000_000, 400_000, 80_000_000]],
])("prices %s on %s with %j", (id, day, modifiers, expected) => {
  expect(rates(id, day, modifiers)).toEqual(expected);
});

it("offers a model from its release to its retirement only", () => {
  const opusOn = (day: string) => inService("opus", dayIndex(day)).map((model) => model.id);
  expect(opusOn("2026-09-21")).not.toContain("claude-opus-5-5");
  expect(opusOn("2026-09-22")[0]).toBe("claude-opus-5-5");
  expect(opusOn("2026-08-04")).toContain("claude-opus-4-1-20250805");
  expect(opusOn("2026-08-05")).not.toContain("claude-opus-4-1-20250805");
});

it("sells fast mode only while it lasts", () => {
  expect(hasFast(modelOf("claude-opus-4-8"), dayIndex("2026-11-29"))).toBe(true);
  expect(hasFast(modelOf("claude-opus-4-8"), dayIndex("2026-11-30"))).toBe(false);
  expect(hasFast(modelOf("claude-sonnet-5"), dayIndex("2026-11-20"))).toBe(false);
});

it("has a title, a known family and whole rates for every model", () => {
  for (const model of MODELS) {
    expect(model.title).toMatch(/^Claude (Fable|Opus|Sonnet|Haiku) \d(\.\d)?$/);
    expect(["fable", "opus", "sonnet", "haiku"]).toContain(model.family);
    for (const rate of rates(model.id, "2026-11-20", { isBatch: true, isUs: true }))
      expect(Number.isInteger(rate)).toBe(true);
  }
});
