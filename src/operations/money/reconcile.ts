import { z } from "zod";

import { dollars } from "../../domain/index.ts";
import type { AnswerFigures, CostKind, Question } from "../../metrics/index.ts";
import { costKind } from "../filters.ts";
import { figureState, reason, usd } from "../figures.ts";
import { amountOf, ratio, sumOf } from "./amount.ts";
import { isAnswer } from "./asking.ts";
import type { Asker } from "./asking.ts";
import { trustOf } from "./headline.ts";

const compared = z.object({
  at: z.string(),
  firstUsd: usd,
  secondUsd: usd,
  differenceUsd: usd,
  relative: z.number().nullable(),
  days: z.int(),
});

const comparison = z.object({
  /** `estimated_net`: the vendor's estimate less what was billed. `list_net`: the discount. */
  id: z.enum(["estimated_net", "list_net"]),
  title: z.string(),
  first: costKind,
  second: costKind,
  /** What of the second kind was compared: Claude Code alone, or all use, with more in it than the first. */
  of: z.enum(["claude_code", "all"]),
  firstUsd: usd,
  secondUsd: usd,
  differenceUsd: usd,
  /** Difference over the second kind, 0.1 is 10 %; null when that is 0. */
  relative: z.number().nullable(),
  /** Days on which both are complete; only they are compared. */
  days: z.int(),
  byDay: z.array(compared.omit({ days: true })),
  byMonth: z.array(compared),
});

/** The kinds of money side by side, which are never added, and where they differ. */
export const reconciliation = z.object({
  kinds: z.array(
    z.object({
      kind: costKind,
      meaning: z.string(),
      valueUsd: usd.nullable(),
      reason: reason.nullable(),
      unavailable: z.string().nullable(),
      source: z.array(z.string()).readonly(),
      completeDays: z.int(),
      state: figureState,
    }),
  ),
  comparisons: z.array(comparison),
  /** Why kinds can differ; with an amount where the record holds it. */
  reasons: z.array(z.object({ code: z.string(), text: z.string(), amountUsd: usd.nullable() })),
});

export type Reconciliation = z.output<typeof reconciliation>;
type Comparison = z.output<typeof comparison>;

const MEANINGS: Readonly<Record<CostKind, string>> = {
  estimated: "Claude Code's own estimate, subscriptions left out",
  list: "list price of all use, before discounts",
  net: "billed, after discounts",
  notional: "what subscription use would have cost at API prices",
};

/** Every kind over the range, and the differences over the days on which both sides are complete. */
export async function reconcile(asker: Asker, asked: Omit<Question, "metric" | "kind">): Promise<Reconciliation> {
  const question = { ...asked, metric: "cost", grain: "day" as const, by: [] };
  const answers = new Map<CostKind, AnswerFigures | string>();
  for (const kind of ["estimated", "list", "net", "notional"] as const) {
    const found = await asker.tryAsk({ ...question, kind });
    answers.set(kind, isAnswer(found) ? found : found.unavailable);
  }
  const answered = (kind: CostKind) => {
    const found = answers.get(kind);
    return found === undefined || typeof found === "string" ? null : found;
  };
  const product = [...(asked.where ?? []), { dimension: "product", value: "claude_code" }];
  const ofProduct = await asker.tryAsk({ ...question, kind: "net", where: product });
  const netOfClaudeCode = isAnswer(ofProduct) && ofProduct.coverage.covered > 0 ? ofProduct : null;
  const [estimated, list, net] = [answered("estimated"), answered("list"), answered("net")];
  const comparisons = [
    estimated && (netOfClaudeCode ?? net)
      ? compare("estimated_net", estimated, (netOfClaudeCode ?? net)!, netOfClaudeCode ? "claude_code" : "all")
      : null,
    list && net ? compare("list_net", list, net, "all") : null,
  ].filter((one) => one !== null);
  return {
    kinds: [...answers].map(([kind, found]) => kindOf(kind, found)),
    comparisons,
    reasons: await reasonsOf(asker, question, comparisons, answered("notional"), net),
  };
}

function kindOf(kind: CostKind, found: AnswerFigures | string): Reconciliation["kinds"][number] {
  if (typeof found === "string") {
    return {
      kind,
      meaning: MEANINGS[kind],
      valueUsd: null,
      reason: "not_reported_by_source",
      unavailable: found,
      source: [],
      completeDays: 0,
      state: "missing",
    };
  }
  return {
    kind,
    meaning: MEANINGS[kind],
    valueUsd: found.total.value === null ? null : String(found.total.value),
    reason: found.total.reason ?? null,
    unavailable: null,
    source: found.source,
    completeDays: found.coverage.covered,
    state: trustOf(found).state,
  };
}

const TITLES = {
  estimated_net: "Estimated less billed",
  list_net: "List price less billed",
} as const;

function compare(
  id: Comparison["id"],
  first: AnswerFigures,
  second: AnswerFigures,
  of: Comparison["of"],
): Comparison | null {
  const one = completeDays(first);
  const other = completeDays(second);
  const days = [...one.keys()].filter((day) => other.has(day)).toSorted();
  if (days.length === 0) return null;
  const over = (chosen: readonly string[]) => {
    const a = sumOf(chosen.map((day) => one.get(day)!));
    const b = sumOf(chosen.map((day) => other.get(day)!));
    return {
      firstUsd: dollars(a),
      secondUsd: dollars(b),
      differenceUsd: dollars(a - b),
      relative: ratio(a - b, b < 0n ? -b : b),
    };
  };
  return {
    id,
    title: TITLES[id],
    first: first.kind!,
    second: second.kind!,
    of,
    ...over(days),
    days: days.length,
    byDay: days.map((day) => ({ at: day, ...over([day]) })),
    byMonth: [...Map.groupBy(days, (day) => day.slice(0, 7))].map(([at, own]) => ({
      at,
      ...over(own),
      days: own.length,
    })),
  };
}

/** Money by day, of the days that were read whole. */
export function completeDays(answer: AnswerFigures): Map<string, bigint> {
  const days = new Map<string, bigint>();
  for (const row of answer.rows) {
    const amount = amountOf(row.value, "usd");
    if (amount === null || row.partial) continue;
    const day = String(row["day"]);
    if (answer.coverage.missing.some(({ from, to }) => from <= day && day <= to)) continue;
    days.set(day, (days.get(day) ?? 0n) + amount);
  }
  return days;
}

async function reasonsOf(
  asker: Asker,
  question: Question,
  comparisons: readonly Comparison[],
  notional: AnswerFigures | null,
  net: AnswerFigures | null,
): Promise<Reconciliation["reasons"]> {
  if (comparisons.length === 0) return [];
  const reasons: Reconciliation["reasons"] = [];
  const { grain: _, ...unsplit } = question;
  const usd = (amount: bigint | null) => (amount === null ? null : dollars(amount));
  const withoutEstimate = comparisons.find(({ id, of }) => id === "estimated_net" && of === "all");
  if (withoutEstimate) {
    const text = "Billed cost covers all use of the API; the estimate covers Claude Code alone.";
    reasons.push({ code: "other_use", text, amountUsd: null });
  }
  const byType = await asker.tryAsk({ ...unsplit, kind: "net", by: ["cost_type"] });
  if (isAnswer(byType)) {
    const others = byType.rows.filter((row) => row["cost_type"] !== "tokens" && row["cost_type"] !== null);
    const amount = sumOf(others.map((row) => amountOf(row.value, "usd") ?? 0n));
    if (amount !== 0n) {
      const text = "Web search, code execution and other charges are billed beside tokens.";
      reasons.push({ code: "other_charges", text, amountUsd: usd(amount) });
    }
  }
  const free = notional === null ? null : amountOf(notional.total.value, "usd");
  if (free !== null && free > 0n) {
    const text = "Use under subscriptions is not billed by the token; it is notional and stands apart.";
    reasons.push({ code: "subscriptions", text, amountUsd: usd(free) });
  }
  if (net !== null && net.provisional.length > 0) {
    const text = `${net.provisional.length} of these days may still be restated.`;
    reasons.push({ code: "late_arrivals", text, amountUsd: null });
  }
  const text = "Discounts, batch and priority tiers, US-only inference and long contexts change what is billed.";
  reasons.push({ code: "prices", text, amountUsd: null });
  return reasons;
}
