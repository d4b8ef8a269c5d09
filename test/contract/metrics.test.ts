/** Walks the catalog: what every metric promises, whoever wrote it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { Failure, parseDay } from "../../src/domain/index.ts";
import { ask, costKinds, dimensions, metrics } from "../../src/metrics/index.ts";
import type { Answer, CostKind, Metric, Question, Value } from "../../src/metrics/index.ts";
import { cover, engines, keepRecords, openTestStore } from "../support/metrics-store.ts";
import type { TestStore } from "../support/metrics-store.ts";
import { analyticsCostRow, analyticsUsageRow, costRow, messagesRow } from "../support/upstream-rows.ts";
import { keepWorkedExample } from "../support/worked-example.ts";

const FROM = parseDay("2026-11-02");
const NOW = parseDay("2026-12-31") * 86_400_000;
const ids = new Set(dimensions.map(({ id }) => id));

function question(metric: Metric, more: Partial<Question> = {}): Question {
  return { metric: metric.id, from: "2026-11-02", to: "2026-11-06", ...more };
}

describe.each(metrics)("the metric $id", (metric) => {
  it("says what it is: title, unit, description and formula", () => {
    for (const text of [metric.title, metric.unit, metric.description, metric.formula]) expect(text).toMatch(/\S/);
    expect(metric.description).toMatch(/\.$/);
  });
});

describe.each(engines)("on %s", (engine) => {
  let empty: TestStore;
  let test: TestStore;
  beforeAll(async () => {
    empty = await openTestStore(engine);
    test = await openTestStore(engine);
    await keepWorkedExample(test);
    await keepOtherReports(test);
  });
  afterAll(async () => {
    await empty.close();
    await test.close();
  });

  const put = (more: Question, store = test): Promise<Answer> => ask(store.store, store.scope, more, NOW);

  describe.each(metrics)("the metric $id", (metric) => {
    it("answers on an empty store: null with a reason, never 0", async () => {
      for (const grain of [undefined, "day", "week", "month"] as const) {
        const answer = await put(question(metric, { grain }), empty);
        expect(answer).toMatchObject({ metric: metric.id, title: metric.title, unit: metric.unit });
        expect(answer.total.value).toBeNull();
        expect(["not_collected_yet", "not_reported_by_source", "zero_denominator"]).toContain(answer.total.reason);
        expect(answer.completeThrough).toBeNull();
      }
    });

    it("answers on rows: a figure of its unit, or null with a reason that it names", async () => {
      for (const kind of kindsOf(metric)) {
        for (const grain of [undefined, "day", "month"] as const) {
          const answer = await put(question(metric, { kind, grain }));
          for (const { value, reason } of [answer.total, ...answer.rows]) {
            if (value === null) expect(metric.reasons).toContain(reason);
            else expect([typeof value, reason]).toEqual([metric.unit === "usd" ? "string" : "number", undefined]);
          }
          expect(answer.source.length).toBeGreaterThan(0);
          expect(answer.coverage.days).toBe(5);
        }
      }
    });

    it("refuses a dimension that nobody knows, or that it does not have, and lists the choices", async () => {
      const unknown = await refusal(put(question(metric, { by: ["colour"] })));
      expect([unknown.code, unknown.hint]).toEqual(["input.unknown_value", expect.stringContaining("model")]);
      const foreign = [...ids].find((id) => !metric.dimensions.includes(id));
      if (foreign === undefined) return;
      const other = await refusal(put(question(metric, { by: [foreign] })));
      expect(other.code).toBe("input.dimension_not_available");
      for (const id of metric.dimensions) expect(other.hint).toContain(id);
    });

    it("splits by each dimension that it names, and rows that add up do so exactly", async () => {
      for (const dimension of metric.dimensions) {
        const answers = await splits(metric, dimension);
        expect([dimension, answers.length > 0]).toEqual([dimension, true]);
        if (!metric.additive) continue;
        const known = answers.filter(({ rows, total }) => [total, ...rows].every(({ value }) => value !== null));
        expect([dimension, known.length > 0]).toEqual([dimension, true]);
        for (const { rows, total, kind } of known) {
          const sum = rows.reduce((all, { value }) => all + exact(value, metric), 0n);
          const whole = metric.measure.kind === "share" ? ONE : exact(total.value, metric);
          // A share is a double: the last of its digits are not exact.
          const off = sum - whole;
          const slack = metric.unit === "ratio" ? 1_000n : 0n;
          expect([dimension, kind, off >= -slack && off <= slack]).toEqual([dimension, kind, true]);
        }
      }
    });
  });

  /** By each kind of cost and each source that has the dimension; what refuses does so with a failure of input. */
  async function splits(metric: Metric, dimension: string): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (const kind of kindsOf(metric)) {
      try {
        answers.push(await put(question(metric, { by: [dimension], kind })));
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(Failure);
        expect((thrown as Failure).code).toMatch(/^input\./);
      }
    }
    return answers;
  }
});

const kindsOf = (metric: Metric): readonly (CostKind | undefined)[] =>
  metric.reasons.includes("mixed_currency") && metric.measure.kind !== "gap" ? costKinds : [undefined];

async function refusal(asked: Promise<Answer>): Promise<Failure> {
  const thrown: unknown = await asked.then(
    () => null,
    (error: unknown) => error,
  );
  if (thrown instanceof Failure) return thrown;
  throw new Error("it was not refused", { cause: thrown });
}

const DIGITS = 15;
const ONE = 10n ** BigInt(DIGITS);

/** A value in 10^-15 of its unit, so that sums are whole numbers. */
function exact(value: Value, { unit }: Metric): bigint {
  const text = unit === "ratio" ? Number(value).toFixed(DIGITS) : String(value);
  const [whole = "0", fraction = ""] = text.replace("-", "").split(".");
  const digits = BigInt(whole + fraction.padEnd(DIGITS, "0").slice(0, DIGITS));
  return text.startsWith("-") ? -digits : digits;
}

/** One day of every other report, with all their dimensions in two values each. */
async function keepOtherReports(store: TestStore): Promise<void> {
  const counts = { uncached: 70, output: 40, read: 30, write5m: 20, write1h: 10, searches: 3 };
  const twice = { uncached: 140, output: 80, read: 60, write5m: 40, write1h: 20, searches: 6 };
  await keepRecords(store, "usage_total", [messagesRow(FROM, {}, twice)]);
  await keepRecords(store, "usage_by_key", [
    messagesRow(FROM, { api_key_id: "apikey_1", model: "claude-opus-5-5", service_tier: "standard" }, counts),
    messagesRow(FROM, { workspace_id: "w", model: "claude-sonnet-5-5", inference_geo: "us" }, counts),
  ]);
  await keepRecords(store, "usage_by_person", [
    messagesRow(FROM, { account_id: "user_1", model: "claude-opus-5-5", speed: "fast" }, counts),
    messagesRow(FROM, { service_account_id: "svac_1", model: "claude-sonnet-5-5" }, counts),
  ]);
  await keepRecords(store, "cost_report", [
    costRow(FROM, { description: "a", model: "claude-opus-5-5" }, "100"),
    costRow(FROM, { description: "b", workspace_id: "w", cost_type: "web_search" }, "0.5"),
  ]);
  await keepRecords(store, "analytics_usage", [
    analyticsUsageRow(FROM, { product: "chat" }, counts, 12),
    analyticsUsageRow(FROM, { product: "claude_code", model: "claude-opus-5-5" }, counts, 3),
  ]);
  await keepRecords(store, "analytics_cost", [
    analyticsCostRow(FROM, { product: "chat" }, "80", "90"),
    analyticsCostRow(FROM, { product: "claude_code", model: "claude-opus-5-5" }, "10.5", "10.5"),
  ]);
  const read = ["usage_total", "usage_by_key", "usage_by_person", "cost_report", "analytics_usage", "analytics_cost"];
  for (const stream of read) await cover(store, stream, FROM, FROM + 4);
}
