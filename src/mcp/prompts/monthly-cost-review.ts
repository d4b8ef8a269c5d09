import { definePrompt } from "../define-prompt.ts";

export const monthlyCostReview = definePrompt({
  name: "monthly_cost_review",
  title: "Monthly cost review",
  description: "What a month cost, against the month before, by team, model and workspace, and what to do about it.",
  permission: "read",
  arguments: [
    { name: "month", title: "Month", description: "YYYY-MM; the last whole month unless given" },
    { name: "team", title: "Team", description: "one team only", completes: "team" },
  ],
  text: ({
    month = "the last whole month",
    team,
  }) => `Review what Claude cost in ${month}${team === undefined ? "" : `, of the team ${team} only`}.

1. sync_status: say how fresh the record is, and stop if that month is not complete.
2. query_metric cost with kind net (where the source reports it, else say which kind you use), whole, then by team, model and workspace. Never add two kinds.
3. compare_periods with the month before; explain_change for every change above 10 % and 100 dollars.
4. list_insights: take over what concerns money.

Answer on one page: the total with its kind and how far it is complete, a table of the five largest of each split with their change, the two or three causes of change with figures, and at most three actions, each with what it would save. Say what is estimated and what is unknown.`,
});
