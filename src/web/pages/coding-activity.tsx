import { SegmentedControl } from "@mantine/core";
import { useCallback } from "react";
import { useSearchParams } from "wouter";

import { codingDrawn, isMeasure, MEASURES, type Measure } from "../activity/coding.ts";
import { MEASURE_COLUMNS, POPULATION_COLUMNS, TEAM_COLUMNS } from "../activity/coding-columns.ts";
import { ActivityFoot, Answered, ComparedHeadline } from "../activity/index.ts";
import { useAnswer } from "../client/index.ts";
import { useFilters, type Narrowing } from "../filters/index.ts";
import { labelOf } from "../format/index.ts";
import { Card, ChartCard, Column, Columns, DataTable, Empty, ErrorBox, HeadlineRow, Page } from "../ui/index.ts";

const NARROWINGS: readonly Narrowing[] = ["organization", "team", "terminal"];
const METRICS = ["sessions", "lines_added", "lines_removed", "commits", "pull_requests"];
const HEADLINES = ["sessions", "lines_added", "commits", "pull_requests"] as const;

/** What was made with Claude Code: sessions, lines, commits and pull requests. */
export function CodingActivity() {
  const { common, previous, grain, narrowTo, change } = useFilters(NARROWINGS);
  const [measure, choose] = useMeasure();
  const coding = useAnswer("codingActivity", common && { ...common, grain });
  const before = useAnswer("codingActivity", previous && { ...previous, grain });
  const teams = useAnswer("codingByTeam", common);

  const { data } = coding;
  const dimmed = coding.isPlaceholderData;
  const headlines = { frame: data, dimmed } as const;
  const chosen = MEASURES[measure];
  const hidden =
    data?.terminals.filter(({ shareOfSessions }) => shareOfSessions.reason === "suppressed_for_privacy").length ?? 0;
  return (
    <Page
      title="AI Coding Activity"
      sentence="What was made with Claude Code, in all and for each active day."
      filters={{ narrowings: NARROWINGS, grain: true }}
      foot={<ActivityFoot answers={[data, teams.data]} metrics={[...METRICS, "active_person_days"]} />}
    >
      <Answered answer={coding}>
        <HeadlineRow>
          {HEADLINES.map((id) => (
            <ComparedHeadline
              key={id}
              {...headlines}
              label={MEASURES[id].label}
              unit={MEASURES[id].unit}
              figure={data?.measures.find((one) => one.id === id)?.total}
              spark={data?.series.map((row) => row[id])}
            />
          ))}
          <ComparedHeadline
            {...headlines}
            label="Active people"
            unit="people"
            good="more"
            figure={data?.active.people}
            spark={data?.series.map(({ activePeople }) => activePeople)}
          />
        </HeadlineRow>
        <Columns>
          <Column span={8}>
            <ChartCard
              title={measure === "lines_added" ? "Lines over time" : `${chosen.label} over time`}
              sentence={
                measure === "lines_added" ? "Added above the line, removed below it; the total is net." : undefined
              }
              controls={
                <SegmentedControl
                  size="xs"
                  aria-label="Drawn measure"
                  value={measure}
                  onChange={choose}
                  data={Object.entries(MEASURES).map(([value, { short }]) => ({ value, label: short }))}
                />
              }
              chart={
                data && {
                  kind: "stackedBars",
                  data: codingDrawn(data, measure, previous === null ? undefined : before.data),
                }
              }
              metrics={measure === "lines_added" ? ["lines_added", "lines_removed"] : [measure]}
              source={data?.source}
              dimmed={dimmed}
              onPick={grain === "day" ? (day) => change({ range: { from: day, to: day } }) : undefined}
              empty={<Empty why={`No ${chosen.label.toLowerCase()} in this range.`} />}
              height={Math.min(400, Math.max(300, (data?.terminals.length ?? 0) * 30 - 30))}
            />
          </Column>
          <Column span={4}>
            <ChartCard
              title="By terminal"
              sentence={`${chosen.label}. Pick one to see it alone.`}
              chart={
                data && {
                  kind: "bars",
                  data: {
                    unit: chosen.unit,
                    bars: data.terminals
                      .filter((row) => row[measure] !== null)
                      .map(({ terminal, ...row }) => ({
                        name: String(terminal),
                        label: labelOf(String(terminal), "terminal"),
                        value: row[measure],
                      }))
                      .sort((a, b) => Number(b.value) - Number(a.value)),
                  },
                }
              }
              metrics={[measure]}
              source={data?.source}
              dimmed={dimmed}
              onPick={(terminal) => narrowTo("terminal", [terminal])}
              empty={<Empty why="No terminal has reported anything in this range." />}
            >
              {hidden > 0 && <p className="small quiet">{hidden} more of too few people to be shown.</p>}
            </ChartCard>
          </Column>
          <Column span={7}>
            <Card
              title="For each person and each day"
              sentence="An active day is one person on one day: it compares groups that are not all there all the time."
            >
              <DataTable
                label="Coding activity for each person and day"
                rows={data?.measures}
                columns={MEASURE_COLUMNS}
                rowKey={({ id }) => id}
                dimmed={dimmed}
              />
            </Card>
          </Column>
          <Column span={5}>
            <Card title="Who it was" sentence="People and keys apart, whatever population the page shows.">
              <DataTable
                label="Coding activity by population"
                rows={data?.populations}
                columns={POPULATION_COLUMNS}
                rowKey={({ population }) => population}
                dimmed={dimmed}
              />
            </Card>
          </Column>
          <Column span={12}>
            <Card
              title="Teams"
              sentence="By the team of each person on each day. Compare teams for each active day, not in all."
            >
              <DataTable
                label="Coding activity by team"
                rows={teams.data?.teams}
                columns={TEAM_COLUMNS}
                rowKey={({ team }) => String(team)}
                sort={{ id: "people", desc: true }}
                onPick={({ team }) => narrowTo("team", [String(team)])}
                dimmed={teams.isPlaceholderData}
                empty={<Empty why="No activity in this range." />}
              />
              {teams.isError && <ErrorBox thrown={teams.error} onRetry={() => void teams.refetch()} />}
            </Card>
          </Column>
        </Columns>
      </Answered>
    </Page>
  );
}

/** What is drawn stands in the address, so that a link shows the same. */
function useMeasure(): [Measure, (next: string) => void] {
  const [params, setParams] = useSearchParams();
  const text = params.get("measure");
  const choose = useCallback(
    (next: string) =>
      setParams((before) => {
        const after = new URLSearchParams(before);
        after.set("measure", next);
        return after;
      }),
    [setParams],
  );
  return [isMeasure(text) ? text : "sessions", choose];
}
