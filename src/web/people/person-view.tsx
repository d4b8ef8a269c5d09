import { SegmentedControl } from "@mantine/core";
import { useState } from "react";

import type { Output } from "../client/index.ts";
import { dayCount, toNumber } from "../format/index.ts";
import { ChartCard, Column, Columns, Headline, HeadlineRow, Notice, stateOf } from "../ui/index.ts";
import { BANDS } from "./bands.ts";
import "./people.css";
import { daysOfPerson, DRAWN, type Drawn } from "./person-charts.ts";
import { AboutPerson, WhoCanSee } from "./person-facts.tsx";
import { PersonTables } from "./person-tables.tsx";

type PersonPage = Output<"personUsage">;

/** One person's use over a range: for those who may see them, and for the person. */
export function PersonView({
  page,
  previous,
  dimmed,
}: {
  page: PersonPage | undefined;
  /** The same over the period before, if it is to be compared. */
  previous: PersonPage | undefined;
  dimmed: boolean;
}) {
  const [drawn, setDrawn] = useState<Drawn>("sessions");
  const state = page === undefined ? undefined : stateOf(page);
  const chart = DRAWN[drawn];
  return (
    <>
      {page?.activeDays === 0 && (
        <Notice kind="note">
          {page.lastActive === null
            ? "Nothing by this person has been recorded yet. Figures appear with the first session; the source tells them a day or so later."
            : "No use in this range. A longer range may show some."}
        </Notice>
      )}
      <HeadlineRow>
        <Headline
          label="Active days"
          note={page && `of ${dayCount(page.range.from, page.range.to)}`}
          value={page?.activeDays}
          unit="count"
          previous={previous?.activeDays}
          spark={page?.daily.map(({ active }) => (active === null ? null : Number(active)))}
          state={state}
          dimmed={dimmed}
        />
        <Headline
          label="Sessions"
          value={page?.figures.sessions}
          unit="sessions"
          previous={previous?.figures.sessions}
          spark={page?.daily.map(({ sessions }) => sessions)}
          state={state}
          dimmed={dimmed}
        />
        <Headline
          label="Accept rate"
          value={page?.figures.acceptRate}
          unit="ratio"
          reason="zero_denominator"
          previous={previous?.figures.acceptRate}
          spark={page?.daily.map(({ accepted, rejected }) => rateOf(accepted, rejected))}
          state={state}
          dimmed={dimmed}
        />
        <Headline
          label="Spend"
          note="estimated"
          value={page?.figures.cost.estimated}
          unit="usd"
          reason="not_reported_by_source"
          previous={previous?.figures.cost.estimated}
          spark={page?.daily.map(({ cost }) => cost.estimated)}
          state={state}
          dimmed={dimmed}
        />
        <Headline
          label="Pull requests"
          value={page?.figures.pullRequests}
          unit="count"
          previous={previous?.figures.pullRequests}
          spark={page?.daily.map(({ pullRequests }) => pullRequests)}
          state={state}
          dimmed={dimmed}
        />
      </HeadlineRow>
      <Columns>
        <Column span={8}>
          <ChartCard
            title={`${chart.label} by day`}
            sentence={page && `${BANDS[page.band].label} use: ${BANDS[page.band].says.toLowerCase()}`}
            chart={page && { kind: "stackedBars", data: daysOfPerson(page, drawn, previous) }}
            metrics={[chart.metric]}
            source={page?.source}
            height={280}
            dimmed={dimmed}
            controls={
              <SegmentedControl
                size="xs"
                aria-label="What is drawn"
                value={drawn}
                onChange={setDrawn}
                data={Object.entries(DRAWN).map(([value, { label }]) => ({ value: value as Drawn, label }))}
              />
            }
          />
        </Column>
        <Column span={4}>{page !== undefined && <AboutPerson {...page} />}</Column>
        {page !== undefined && (
          <Column span={12}>
            <WhoCanSee whoCanSee={page.whoCanSee} />
          </Column>
        )}
      </Columns>
      {page !== undefined && <PersonTables page={page} previous={previous} />}
    </>
  );
}

/** For the shape of a line only; the figure beside it is the answer's. */
function rateOf(accepted: number | string | null, rejected: number | string | null): number | null {
  const whole = (toNumber(accepted) ?? 0) + (toNumber(rejected) ?? 0);
  return whole === 0 ? null : (toNumber(accepted) ?? 0) / whole;
}
