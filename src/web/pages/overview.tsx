import { useSearch } from "wouter";

import { overTime } from "../answers/index.ts";
import { useAnswer } from "../client/index.ts";
import { carriedFilters, conditionsOf, useFilters, type Narrowing } from "../filters/index.ts";
import { budgetLine, HealthLine, WhatChanged } from "../money/index.ts";
import "../money/money.css";
import { NothingConnected, PeopleCard, WorkspacesCard } from "../overview/index.ts";
import { ChartCard, Column, Columns, ErrorBox, FigureHeadline, Foot, HeadlineRow, Page } from "../ui/index.ts";

const SHOWN = [
  { metric: "cost", label: "Spend", unit: "usd", page: "/spend" },
  { metric: "active_users", label: "Active people", unit: "people", good: "more", page: "/active-users" },
  { metric: "adoption_rate", label: "Adoption", unit: "ratio", good: "more", page: "/adoption" },
  { metric: "accept_rate", label: "Accept rate", unit: "ratio", good: "more", page: "/actions" },
  { metric: "pull_requests", label: "Pull requests", unit: "count", good: "more", page: "/activity" },
] as const;

const PEOPLE_FIRST: ReadonlySet<string> = new Set(["/actions", "/activity"]);

/** What the figures of the page can be narrowed by. */
const NARROWINGS: readonly Narrowing[] = ["organization", "team", "terminal", "family"];

/** What a platform lead asks first: how much, who, with what result, and how far it can be trusted. */
export function Overview() {
  const { common, previous, compared, kind, grain, days, filters, narrowTo, change } = useFilters(NARROWINGS);
  const carried = carriedFilters(useSearch());
  const overview = useAnswer("overview", common && { ...common, ...compared, ...kind });
  const cost = useAnswer("report", common && { metric: "cost", grain, by: ["model_family"], ...common, ...kind });
  const before = useAnswer("report", previous && { metric: "cost", grain, ...previous, ...kind });
  const adoption = useAnswer("report", common && { metric: "adoption_rate", grain, ...common });
  const accepted = useAnswer("report", common && { metric: "accept_rate", grain, ...common });
  const adoptionBefore = useAnswer("report", previous && { metric: "adoption_rate", grain, ...previous });
  const acceptedBefore = useAnswer("report", previous && { metric: "accept_rate", grain, ...previous });
  const budgets = useAnswer("listBudgets", {});

  const { health } = overview.data ?? {};
  // Of a part of the people there is no budget.
  const isWhole = filters.population === null;
  const narrowed = conditionsOf(filters);
  const level = budgetLine(
    budgets.data?.budgets,
    isWhole ? narrowed : null,
    cost.data?.kind ?? "estimated",
    grain,
    days.to,
  );
  const spend =
    cost.data &&
    overTime(cost.data, {
      by: "model_family",
      previous: previous === null ? undefined : before.data,
      note: cost.data.kind ?? undefined,
    });
  const isUnconnected = health?.troubles.some(({ code }) => code === "nothing_connected") === true;
  if (isUnconnected && cost.data?.coverage.covered === 0) return <NothingConnected />;
  return (
    <Page
      title="Overview"
      sentence="How much Claude is used, by whom, at what cost and with what result."
      filters={{ narrowings: NARROWINGS, kind: true, grain: true }}
      foot={<Foot answers={[cost.data, adoption.data, accepted.data]} />}
    >
      {overview.isError && <ErrorBox thrown={overview.error} onRetry={() => void overview.refetch()} />}
      {health !== undefined && health.state !== "good" && <HealthLine health={health} />}
      <HeadlineRow>
        {SHOWN.map(({ metric, page, ...shown }) => {
          const figure = overview.data?.headlines.find((one) => one.metric === metric);
          // Pages about work begin with people alone: it has to be the same figure there.
          const isOfAll = isWhole && PEOPLE_FIRST.has(page) && figure?.population === "all";
          return (
            <FigureHeadline
              key={metric}
              {...shown}
              note={isOfAll ? "with services" : undefined}
              href={`${page}${isOfAll ? `${carried === "" ? "?" : `${carried}&`}population=all` : carried}`}
              figure={figure}
              problem={overview.error}
              dimmed={overview.isPlaceholderData}
            />
          );
        })}
      </HeadlineRow>
      <Columns>
        <Column span={8}>
          <ChartCard
            title="Spend by model family"
            chart={spend && { kind: "stackedBars", data: level === undefined ? spend : { ...spend, level } }}
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
          <WhatChanged since={overview.data?.sinceLastWeek} failed={overview.isError} />
        </Column>
        <Column span={6}>
          <ChartCard
            title="Adoption"
            sentence={`Share of eligible people who were active ${grain === "day" ? "on each day" : `in each ${grain}`}.`}
            chart={
              adoption.data && {
                kind: "lines",
                data: overTime(adoption.data, { previous: previous === null ? undefined : adoptionBefore.data }),
              }
            }
            metrics={["adoption_rate"]}
            source={adoption.data?.source}
            problem={adoption.error}
            onRetry={() => void adoption.refetch()}
            dimmed={adoption.isPlaceholderData}
            height={220}
          />
        </Column>
        <Column span={6}>
          <ChartCard
            title="Accept rate"
            sentence="Share of proposed edits that were accepted."
            chart={
              accepted.data && {
                kind: "lines",
                data: overTime(accepted.data, { previous: previous === null ? undefined : acceptedBefore.data }),
              }
            }
            metrics={["accept_rate"]}
            source={accepted.data?.source}
            problem={accepted.error}
            onRetry={() => void accepted.refetch()}
            dimmed={accepted.isPlaceholderData}
            height={220}
          />
        </Column>
        <Column span={7}>
          <PeopleCard common={common} kind={kind} carried={carried} />
        </Column>
        <Column span={5}>
          <WorkspacesCard common={common} kind={kind} carried={carried} />
        </Column>
      </Columns>
      {health !== undefined && health.state === "good" && <HealthLine health={health} />}
    </Page>
  );
}
