import { definePrompt } from "../define-prompt.ts";

export const whyDidSpendChange = definePrompt({
  name: "why_did_spend_change",
  title: "Why did spend change?",
  description: "Takes a jump or a drop in spend apart: which models, people, keys and workspaces make it up.",
  permission: "read",
  arguments: [
    {
      name: "period",
      title: "Period",
      description: "last week, last month, 2026-10; the last whole month unless given",
    },
    { name: "against", title: "Against", description: "the period to compare with; the one before unless given" },
  ],
  text: ({
    period = "the last whole month",
    against = "the period before",
  }) => `Find out why our spend changed in ${period} against ${against}.

1. compare_periods of cost: say both totals, their kind, and whether both periods are complete. If one is not, say what that does to the comparison.
2. explain_change: which models, people, keys and workspaces make up the change. Follow the largest part one level deeper (its models, its days).
3. Tell price from amount: query_metric tokens by model over both periods. More tokens, a dearer model, or less from the cache (cache_hit_rate)?

Answer in five sentences and one table: how much it changed, what makes up most of it, whether it is a one-off, and what nobody can tell from the record.`,
});
