import { definePrompt } from "../define-prompt.ts";

export const adoptionReview = definePrompt({
  name: "adoption_review",
  title: "Adoption review",
  description: "Who uses Claude and who does not: active people, teams behind, seats that lie idle.",
  permission: "read",
  arguments: [
    {
      name: "period",
      title: "Period",
      description: "last month, last 30 days, 2026-Q3; the last 30 days unless given",
    },
    { name: "team", title: "Team", description: "one team only", completes: "team" },
  ],
  text: ({
    period = "the last 30 days",
    team,
  }) => `Review how Claude is adopted in ${period}${team === undefined ? "" : `, by the team ${team} only`}.

1. query_metric active_users and adoption_rate by week, then by team; compare_periods with the period before.
2. query_metric sessions and lines_per_session by team, for depth rather than reach.
3. idle_people, where you may see people: count them by team; name nobody unless asked.
4. list_insights: take over what concerns adoption.

Answer on one page: how many are active of how many who could be (say which denominator), the trend, the teams ahead and behind with figures, and at most three actions. A figure over few people says little about them: say so.`,
});
