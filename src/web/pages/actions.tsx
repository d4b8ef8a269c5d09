import { Button } from "@mantine/core";

import {
  acceptRateDrawn,
  decisionsDrawn,
  POPULATION_COLUMNS,
  TEAM_ACTION_COLUMNS,
  TERMINAL_COLUMNS,
  TOOL_COLUMNS,
  toolWeeks,
} from "../activity/decisions.ts";
import { ActivityFoot, Answered, ComparedHeadline } from "../activity/index.ts";
import { useAnswer } from "../client/index.ts";
import { useFilters, type Common, type Grain, type Narrowing } from "../filters/index.ts";
import { exact } from "../format/index.ts";
import { Card, ChartCard, Column, Columns, DataTable, Empty, ErrorBox, HeadlineRow, Page } from "../ui/index.ts";

const NARROWINGS: readonly Narrowing[] = ["organization", "team", "terminal", "tool"];

/** What people decided on the edits that were proposed to them. */
export function Actions() {
  const { common, previous, grain, narrowTo, change } = useFilters(NARROWINGS);
  const actions = useAnswer("actions", common && { ...common, grain });
  const before = useAnswer("actions", previous && { ...previous, grain });
  const weekly = useAnswer("actions", common && { ...common, grain: "week" });
  const teams = useAnswer("actionsByTeam", common);

  const { data } = actions;
  const { total, series } = data ?? {};
  const earlier = previous === null ? undefined : before.data;
  const dimmed = actions.isPlaceholderData;
  const headlines = { frame: data, dimmed } as const;
  const pickDay = grain === "day" ? (day: string) => change({ range: { from: day, to: day } }) : undefined;
  const shared = { source: data?.source, dimmed } as const;
  const nothing = <Empty why="Nothing was proposed, so nothing was decided in this range." />;
  return (
    <Page
      title="AI Actions"
      sentence="How many proposed edits were accepted: by tool, by team, by week."
      filters={{ narrowings: NARROWINGS, grain: true }}
      foot={
        <ActivityFoot answers={[data, teams.data]} metrics={["accept_rate", "actions_accepted", "actions_rejected"]} />
      }
    >
      <Answered answer={actions}>
        <HeadlineRow>
          <ComparedHeadline
            {...headlines}
            label="Accept rate"
            unit="ratio"
            good="more"
            figure={total?.acceptRate}
            spark={series?.map(({ acceptRate }) => acceptRate.value)}
          />
          <ComparedHeadline
            {...headlines}
            label="Decisions"
            unit="count"
            figure={total?.decisions}
            spark={series?.map(({ decisions }) => decisions)}
          />
          <ComparedHeadline
            {...headlines}
            label="Accepted"
            unit="count"
            figure={total?.accepted}
            spark={series?.map(({ accepted }) => accepted)}
          />
          <ComparedHeadline
            {...headlines}
            label="Rejected"
            unit="count"
            figure={total?.rejected}
            spark={series?.map(({ rejected }) => rejected)}
          />
          <ComparedHeadline
            {...headlines}
            label="Accepted"
            note="per active day"
            unit="count"
            figure={total?.acceptedPerActiveDay}
          />
        </HeadlineRow>
        <Columns>
          <Column span={7}>
            <ChartCard
              {...shared}
              title="Decisions"
              sentence={averageText(total?.averagePerBucket.value ?? null, grain)}
              chart={data && { kind: "stackedBars", data: decisionsDrawn(data, earlier) }}
              metrics={["actions_accepted", "actions_rejected"]}
              onPick={pickDay}
              empty={nothing}
            />
          </Column>
          <Column span={5}>
            <Card title="By tool" sentence="Pick a tool to see it alone.">
              <DataTable
                label="Decisions by tool"
                rows={data?.tools}
                columns={TOOL_COLUMNS}
                rowKey={({ tool }) => String(tool)}
                onPick={({ tool }) => narrowTo("tool", [String(tool)])}
                dimmed={dimmed}
                empty={nothing}
              />
            </Card>
          </Column>
          <Column span={6}>
            <ChartCard
              {...shared}
              title="Accept rate over time"
              sentence="Share of the decisions that accepted. Few decisions make a rate jump."
              chart={data && { kind: "lines", data: acceptRateDrawn(data, earlier) }}
              metrics={["accept_rate"]}
              onPick={pickDay}
              empty={nothing}
              height={200}
            />
          </Column>
          <Column span={6}>
            <ChartCard
              title="Accept rate by tool and week"
              sentence="In per cent. A week without a decision has no cell."
              chart={weekly.data && { kind: "heatMap", data: toolWeeks(weekly.data) }}
              metrics={["accept_rate"]}
              source={weekly.data?.source}
              problem={weekly.error}
              onRetry={() => void weekly.refetch()}
              dimmed={weekly.isPlaceholderData}
              empty={nothing}
            />
          </Column>
          <Column span={5}>
            <Card
              title="Who decided"
              sentence="Keys and terminals that nobody watches accept by themselves: read people apart."
            >
              <DataTable
                label="Decisions by population"
                rows={data?.populations}
                columns={POPULATION_COLUMNS}
                rowKey={({ population }) => population}
                onPick={({ population }) => change({ population })}
                dimmed={dimmed}
              />
              <h3 className="card-part">Whether somebody looked</h3>
              <DataTable
                label="Decisions by kind of terminal"
                rows={data?.terminals}
                columns={TERMINAL_COLUMNS}
                rowKey={({ kind }) => kind}
                dimmed={dimmed}
              />
              <WatchedOnly common={common} />
            </Card>
          </Column>
          <Column span={7}>
            <Card title="Teams" sentence="By the team of each person on each day.">
              <DataTable
                label="Decisions by team"
                rows={teams.data?.teams}
                columns={TEAM_ACTION_COLUMNS}
                rowKey={({ team }) => String(team)}
                sort={{ id: "people", desc: true }}
                onPick={({ team }) => narrowTo("team", [String(team)])}
                dimmed={teams.isPlaceholderData}
                empty={nothing}
              />
              {teams.isError && <ErrorBox thrown={teams.error} onRetry={() => void teams.refetch()} />}
            </Card>
          </Column>
        </Columns>
      </Answered>
    </Page>
  );
}

/** Narrows the page to the terminals that somebody sits before, when there are others too. */
function WatchedOnly({ common }: { common: Common | null }) {
  const { filters, narrowTo } = useFilters();
  const { data } = useAnswer("codingActivity", common && { ...common, where: withoutTools(common) });
  if (filters.narrowed.terminal !== undefined || data === undefined) return null;
  const watched = data.terminals.filter(({ interactive }) => interactive).map(({ terminal }) => String(terminal));
  if (watched.length === 0 || watched.length === data.terminals.length) return null;
  return (
    <p className="card-part no-print">
      <Button size="xs" variant="default" onClick={() => narrowTo("terminal", watched)}>
        Leave out non-interactive terminals
      </Button>
    </p>
  );
}

/** Sessions know no tool. */
function withoutTools({ where = [] }: Common): NonNullable<Common["where"]> {
  return where.filter(({ dimension }) => dimension !== "tool");
}

function averageText(average: number | null, grain: Grain): string {
  if (average === null) return "Accepted below, rejected on top.";
  return `Accepted below, rejected on top. On average ${exact(average, "count")} decisions a ${grain}.`;
}
