import { overTime } from "../answers/index.ts";
import { useAnswer } from "../client/index.ts";
import { useFilters } from "../filters/index.ts";
import { labelOf, toNumber } from "../format/index.ts";
import { ChartCard, Column, Columns } from "../ui/index.ts";
import { OF_PEOPLE, SummaryHeadlines } from "./summary-headlines.tsx";
import { TeamsTable } from "./teams-table.tsx";
import type { TeamAnswers } from "./use-teams.ts";

/** How widely teams use Claude, at what cost: figures of groups, never of one person. */
export function TeamsOverview({ teams, cost }: TeamAnswers) {
  const { common, previous, compared, kind, narrowTo } = useFilters();
  const summary = useAnswer(
    "summary",
    common && { metrics: OF_PEOPLE.map(({ metric }) => metric), ...common, ...compared, ...kind, population: "humans" },
  );
  const before = useAnswer("listTeams", previous && { ...previous, population: "humans" });
  const rows = teams.data?.rows;
  const earlier = new Map(before.data?.rows.map(({ team, adoption }) => [team, adoption]));
  return (
    <>
      <SummaryHeadlines shown={OF_PEOPLE} answer={summary} />
      <Columns>
        <Column span={7}>
          <ChartCard
            title="Spend by team"
            chart={
              cost.data && {
                kind: "stackedBars",
                data: overTime(cost.data, { by: "team", note: cost.data.kind ?? undefined }),
              }
            }
            metrics={["cost"]}
            source={cost.data?.source}
            problem={cost.error}
            onRetry={() => void cost.refetch()}
            dimmed={cost.isPlaceholderData}
            onPickSeries={(name) => narrowTo("team", [name])}
            height={320}
          />
        </Column>
        <Column span={5}>
          <ChartCard
            title="Adoption by team"
            sentence={`Share of eligible people who were active${previous === null ? "" : "; the tick is the period before"}.`}
            chart={
              rows && {
                kind: "bars",
                data: {
                  unit: "ratio",
                  ...(teams.data?.denominator == null
                    ? {}
                    : { note: `of the ${teams.data.denominator.replaceAll("_", " ")}` }),
                  bars: rows
                    .filter(({ adoption }) => adoption !== null)
                    .toSorted((a, b) => (toNumber(b.adoption) ?? 0) - (toNumber(a.adoption) ?? 0))
                    .slice(0, MOST_BARS)
                    .map(({ team, adoption }) => ({
                      name: String(team),
                      label: labelOf(String(team), "team"),
                      value: adoption,
                      previous: earlier.get(team) ?? null,
                    })),
                },
              }
            }
            metrics={["adoption_rate"]}
            problem={teams.error}
            dimmed={teams.isPlaceholderData}
            onPick={(name) => narrowTo("team", [name])}
          />
        </Column>
        <Column span={12}>
          <TeamsTable teams={teams} />
        </Column>
      </Columns>
    </>
  );
}

/** The table below has all of them. */
const MOST_BARS = 12;
