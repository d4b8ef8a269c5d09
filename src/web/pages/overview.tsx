import { Link, useLocation } from "wouter";

import { overTime } from "../answers/index.ts";
import { useAnswer, type Output } from "../client/index.ts";
import { carriedFilters, useFilters, type Narrowing } from "../filters/index.ts";
import { compact, exact, formatRange, labelOf } from "../format/index.ts";
import {
  Card,
  ChartCard,
  Column,
  Columns,
  DataTable,
  Empty,
  ErrorBox,
  FigureHeadline,
  Foot,
  HeadlineRow,
  Notice,
  Page,
  Skeleton,
  type DataColumn,
} from "../ui/index.ts";

type Overview = Output<"overview">;

const SHOWN = [
  { metric: "cost", label: "Spend", unit: "usd" },
  { metric: "active_users", label: "Active people", unit: "people", good: "more" },
  { metric: "adoption_rate", label: "Adoption", unit: "ratio", good: "more" },
  { metric: "accept_rate", label: "Accept rate", unit: "ratio", good: "more" },
  { metric: "pull_requests", label: "Pull requests", unit: "count", good: "more" },
] as const;

/** What every figure of the page can be narrowed by. */
const NARROWINGS: readonly Narrowing[] = ["organization", "team", "terminal", "family"];

/** What a platform lead asks first: how much, who, with what result, and how far it can be trusted. */
export function Overview() {
  const { common, previous, kind, grain, days, narrowTo, change } = useFilters(NARROWINGS);
  const [, go] = useLocation();
  const overview = useAnswer("overview", common === null ? null : { ...common, ...kind });
  const cost = useAnswer(
    "report",
    common === null ? null : { metric: "cost", grain, by: ["model_family"], ...common, ...kind },
  );
  const before = useAnswer("report", previous === null ? null : { metric: "cost", grain, ...previous, ...kind });
  const adoption = useAnswer("report", common === null ? null : { metric: "adoption_rate", grain, ...common });
  const accepted = useAnswer("report", common === null ? null : { metric: "accept_rate", grain, ...common });
  const teams = useAnswer("report", common === null ? null : { metric: "cost", by: ["team"], ...common, ...kind });

  const health = overview.data?.health;
  const moneyNote = cost.data?.kind ?? undefined;
  return (
    <Page
      title="Overview"
      sentence="How much Claude is used, by whom, at what cost and with what result."
      filters={{
        narrowings: ["organization", "team", "person", "family", "model", "terminal"],
        kind: true,
        grain: true,
      }}
      foot={<Foot answers={[cost.data, adoption.data, accepted.data]} />}
    >
      {overview.isError && <ErrorBox thrown={overview.error} onRetry={() => void overview.refetch()} />}
      {health !== undefined && health.state !== "good" && (
        <Notice kind="partial">
          {health.line} <Link href="/connections">See the connections</Link>
        </Notice>
      )}
      <HeadlineRow>
        {SHOWN.map(({ metric, ...shown }) => (
          <FigureHeadline
            key={metric}
            {...shown}
            figure={overview.data?.headlines.find((one) => one.metric === metric)}
            problem={overview.error}
            dimmed={overview.isPlaceholderData}
          />
        ))}
      </HeadlineRow>
      <Columns>
        <Column span={8}>
          <ChartCard
            title="Spend by model family"
            chart={
              cost.data && {
                kind: "stackedBars",
                data: overTime(cost.data, {
                  by: "model_family",
                  previous: previous === null ? undefined : before.data,
                  note: moneyNote,
                }),
              }
            }
            metrics={["cost"]}
            source={cost.data?.source}
            problem={cost.error}
            onRetry={() => void cost.refetch()}
            dimmed={cost.isPlaceholderData}
            onPick={grain === "day" ? (day) => change({ range: { from: day, to: day } }) : undefined}
            onPickSeries={(name) => narrowTo("family", [name])}
            height={300}
          />
        </Column>
        <Column span={4}>
          <WhatChanged overview={overview.data} failed={overview.isError} />
        </Column>
        <Column span={6}>
          <ChartCard
            title="Adoption"
            sentence="Share of eligible people who were active."
            chart={adoption.data && { kind: "lines", data: overTime(adoption.data) }}
            metrics={["adoption_rate"]}
            source={adoption.data?.source}
            problem={adoption.error}
            dimmed={adoption.isPlaceholderData}
            height={220}
          />
        </Column>
        <Column span={6}>
          <ChartCard
            title="Accept rate"
            sentence="Share of proposed edits that were accepted."
            chart={accepted.data && { kind: "lines", data: overTime(accepted.data) }}
            metrics={["accept_rate"]}
            source={accepted.data?.source}
            problem={accepted.error}
            dimmed={accepted.isPlaceholderData}
            height={220}
          />
        </Column>
        <Column span={12}>
          <Card title="Teams" sentence={`Spend, ${moneyNote ?? "estimated"}, ${formatRange(days.from, days.to)}.`}>
            <DataTable
              label="Spend by team"
              rows={teams.data?.rows}
              problem={teams.error}
              onRetry={() => void teams.refetch()}
              columns={TEAM_COLUMNS}
              rowKey={(row) => String(row["team"])}
              sort={{ id: "cost", desc: true }}
              onPick={(row) => narrowTo("team", [String(row["team"])])}
              dimmed={teams.isPlaceholderData}
              empty={
                <Empty why="No spend in this range.">
                  <button type="button" className="link-button" onClick={() => go(`/${carriedFilters("")}`)}>
                    Show the last 30 days
                  </button>
                </Empty>
              }
            />
          </Card>
        </Column>
      </Columns>
    </Page>
  );
}

type TeamRow = Output<"report">["rows"][number];

const TEAM_COLUMNS: readonly DataColumn<TeamRow>[] = [
  { id: "team", title: "Team", value: (row) => labelOf(String(row["team"]), "team") },
  { id: "cost", title: "Spend", unit: "usd", bar: true, value: ({ value }) => value, reason: ({ reason }) => reason },
];

function WhatChanged({ overview, failed }: { overview: Overview | undefined; failed: boolean }) {
  const since = overview?.sinceLastWeek;
  return (
    <Card
      title="What changed"
      sentence={
        since?.current == null || since.previous === null
          ? "The last seven days against the seven before."
          : `Spend of ${formatRange(since.current.from, since.current.to)} against the week before.`
      }
    >
      {since === undefined ? (
        failed ? (
          <Empty why="There is no comparison." />
        ) : (
          <Skeleton height={240} />
        )
      ) : since.differenceUsd === null || since.causes.length === 0 ? (
        <Empty why={since.notComparable ?? "Nothing moved."} />
      ) : (
        <>
          <p className="change-total">
            {signed(since.differenceUsd)} <span className="quiet">in all</span>
          </p>
          <ul className="change-list">
            {since.causes.map(({ dimension, key, differenceUsd, currentUsd, previousUsd, isNew, isGone }) => (
              <li key={`${dimension} ${key}`} title={`${exact(previousUsd, "usd")} → ${exact(currentUsd, "usd")}`}>
                <span>
                  <bdi>{labelOf(String(key), dimension)}</bdi>{" "}
                  <span className="quiet small">{dimension.replaceAll("_", " ")}</span>
                </span>
                <span className="number">
                  {isNew ? "new " : isGone ? "gone " : ""}
                  {signed(differenceUsd)}
                </span>
              </li>
            ))}
          </ul>
          <p className="small quiet">Teams, families and terminals overlap: the lines do not add up to the whole.</p>
        </>
      )}
    </Card>
  );
}

function signed(usd: string): string {
  return usd.startsWith("-") ? compact(usd, "usd") : `+${compact(usd, "usd")}`;
}
