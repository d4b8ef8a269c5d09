import { picoUsdFromDollars } from "../../../domain/index.ts";
import { amountOf } from "../amount.ts";
import { isAnswer } from "../asking.ts";
import type { Check } from "../findings.ts";
import { spokenUsd } from "../wording.ts";

/** Below this a team is trying things out. */
const FLOOR = picoUsdFromDollars("25").picoUsd;

/** Teams that spend on Claude Code and from whose sessions nothing came. */
export const spendWithoutOutput: Check = {
  id: "spend_without_output",
  title: "Spend without output",
  async look({ asker, range, filters }) {
    const asked = { ...filters, ...range, kind: "estimated" as const, by: ["team"] };
    const cost = await asker.tryAsk({ ...asked, metric: "cost" });
    if (!isAnswer(cost)) return cost.unavailable;
    if (cost.coverage.covered === 0) return "no day of Claude Code is held whole";
    const { kind: _, ...plain } = asked;
    const made = new Set<string | null>();
    for (const metric of ["lines_added", "commits", "pull_requests"]) {
      const output = await asker.tryAsk({ ...plain, metric });
      if (!isAnswer(output)) return output.unavailable;
      // What is hidden or not known is not nothing.
      for (const row of output.rows) if (row.value !== 0) made.add(teamOf(row["team"]));
    }
    return cost.rows.flatMap((row) => {
      const team = teamOf(row["team"]);
      const amount = amountOf(row.value, "usd");
      if (amount === null || amount < FLOOR || made.has(team)) return [];
      const name = team ?? "People without a team";
      return [
        {
          id: `spend_without_output:${team ?? ""}`,
          title: `${name}: spend and no output`,
          severity: "medium" as const,
          amountUsd: String(row.value),
          people: null,
          sentence: `${name} spent ${spokenUsd(amount)} on Claude Code, and no line, commit or pull request came of it.`,
          evidence: [
            { label: "Spend", value: row.value, unit: "usd" as const },
            { label: "Lines added", value: 0, unit: "lines" as const },
            { label: "Commits and pull requests", value: 0, unit: "count" as const },
          ],
          link: { page: "/activity", filters: { ...range, where: [{ dimension: "team", value: team }] } },
        },
      ];
    });
  },
};

function teamOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
