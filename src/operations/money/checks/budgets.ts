import { picoUsdFromDollars } from "../../../domain/index.ts";
import { cents } from "../amount.ts";
import { budgetsOf, budgetStateOf, crossedBy } from "../budgets.ts";
import type { Check } from "../findings.ts";
import { spokenPeriod, spokenUsd } from "../wording.ts";

/** From here on a budget is worth a look. */
const NEAR = 90;

/** Budgets that are nearly used up, or will be by the end of their day, week or month. */
export const budgets: Check = {
  id: "budget",
  title: "Budgets",
  async look({ asker }) {
    const all = await budgetsOf(asker);
    if (all.length === 0) return "no budget is set";
    const found = [];
    for (const budget of all) {
      const { instances } = await budgetStateOf(asker, budget, false);
      const [now] = instances;
      if (now === undefined) continue;
      const amount = picoUsdFromDollars(budget.amountUsd).picoUsd;
      const spent = now.actual ?? 0n;
      const most = now.forecast !== null && now.forecast > spent ? now.forecast : spent;
      if (crossedBy(most, amount, [NEAR]) === null) continue;
      const isOver = spent >= amount;
      const over = most - amount;
      found.push({
        id: `budget:${budget.budgetId}:${now.label}`,
        title: `${budget.name}: ${wordsOf(isOver, spent, amount, over)}`,
        severity: isOver ? ("high" as const) : ("medium" as const),
        amountUsd: over > 0n ? cents(over) : null,
        people: null,
        sentence: `${spokenUsd(spent)} of ${spokenUsd(amount)} are spent ${spokenPeriod(budget.period, now.span.from)}${
          now.forecast === null ? "." : `; ${spokenUsd(now.forecast)} are expected by its end.`
        }`,
        evidence: [
          { label: "Budget", value: cents(amount), unit: "usd" as const },
          { label: "Spent", value: now.actual === null ? null : cents(spent), unit: "usd" as const },
          { label: "Forecast", value: now.forecast === null ? null : cents(now.forecast), unit: "usd" as const },
        ],
        link: { page: "/spend", filters: { kind: budget.kind } },
      });
    }
    return found;
  },
};

/** What is expected is not told as if it had come. */
function wordsOf(isOver: boolean, spent: bigint, amount: bigint, over: bigint): string {
  if (isOver) return "the budget is used up";
  if (over > 0n) return "the budget will not last";
  return crossedBy(spent, amount, [NEAR]) === null
    ? "the budget will be nearly used up"
    : "the budget is nearly used up";
}
