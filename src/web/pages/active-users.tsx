import { useMediaQuery } from "@mantine/hooks";
import { useMemo } from "react";

import { ActivityFoot, Answered, ComparedHeadline, drawnOver } from "../activity/index.ts";
import { calendarHeat, weekOfCell } from "../activity/calendar.ts";
import { cohortHeat } from "../activity/cohorts.ts";
import { RETENTION, STICKINESS } from "../activity/formulas.ts";
import { Frequency } from "../activity/frequency.tsx";
import { heldWeeks, WEEK_COLUMNS, weeksDrawn } from "../activity/weeks.ts";
import { useAnswer } from "../client/index.ts";
import { useFilters, type Narrowing } from "../filters/index.ts";
import { addDays, dayCount, formatRange, mondayOf } from "../format/index.ts";
import { Card, ChartCard, Column, Columns, DataTable, Empty, HeadlineRow, Page } from "../ui/index.ts";

const NARROWINGS: readonly Narrowing[] = ["organization", "team", "family", "model", "terminal", "tool"];
/** Cohorts need some weeks to be cohorts, however short the range is. */
const COHORT_DAYS = 84;
/** Weeks of the calendar. */
const WIDE = { least: 13, most: 53 };
const NARROW = { least: 13, most: 20 };

/** Who uses Claude Code, how often they come back, and how many stay. */
export function ActiveUsers() {
  const { common, days, change } = useFilters(NARROWINGS);
  const isNarrow = useMediaQuery("(max-width: 640px)");
  const users = useAnswer("activeUsers", common);
  const since = dayCount(days.from, days.to) < COHORT_DAYS ? mondayOf(addDays(days.to, 1 - COHORT_DAYS)) : days.from;
  const retention = useAnswer("retention", common && { ...common, from: since });

  const { data } = users;
  const { headline, stickiness, series } = data ?? {};
  const weeks = useMemo(() => retention.data && heldWeeks(retention.data.weeks), [retention.data]);
  const dimmed = users.isPlaceholderData;
  const isSuppressed = retention.data?.cohorts.some(({ reason }) => reason === "suppressed_for_privacy") ?? false;
  const headlines = { frame: data, dimmed, good: "more" } as const;
  return (
    <Page
      title="AI Active Users"
      sentence="How many people use Claude Code, how often they come back, and how many stay."
      filters={{ narrowings: NARROWINGS }}
      foot={<ActivityFoot answers={[data, retention.data]} metrics={["dau", "wau", "mau", "active_users"]} />}
    >
      <Answered answer={users}>
        <HeadlineRow>
          <ComparedHeadline
            {...headlines}
            label="Daily"
            note="weekdays"
            unit="people"
            figure={headline?.dauWeekdayAverage}
            spark={series?.map(({ dau }) => dau)}
          />
          <ComparedHeadline
            {...headlines}
            label="Weekly"
            note="last 7 days"
            unit="people"
            figure={headline?.wau}
            spark={series?.map(({ wau }) => wau)}
          />
          <ComparedHeadline
            {...headlines}
            label="Monthly"
            note="last 30 days"
            unit="people"
            figure={headline?.mau}
            spark={series?.map(({ mau }) => mau)}
          />
          <ComparedHeadline
            {...headlines}
            label="Stickiness"
            note="weekdays"
            unit="ratio"
            figure={stickiness?.dauMauWeekday}
          />
          <ComparedHeadline {...headlines} label="In this range" unit="people" figure={headline?.periodActive} />
        </HeadlineRow>
        <Columns>
          <Column span={8}>
            <ChartCard
              title="Active people"
              sentence="Distinct people of each day, of the 7 days up to it, and of the 30 days up to it."
              chart={
                data && {
                  kind: "lines",
                  data: drawnOver(data.series, {
                    unit: "people",
                    grain: "day",
                    bucket: ({ day }) => day,
                    series: [
                      { name: "mau", label: "Monthly", color: "var(--c-3)", value: ({ mau }) => mau },
                      { name: "wau", label: "Weekly", color: "var(--c-2)", value: ({ wau }) => wau },
                      { name: "dau", label: "Daily", color: "var(--c-1)", value: ({ dau }) => dau },
                    ],
                  }),
                }
              }
              metrics={["dau", "wau", "mau"]}
              formulas={STICKINESS}
              source={data?.source}
              dimmed={dimmed}
              empty={<Empty why="Nobody was active in this range." />}
              height={300}
            />
          </Column>
          <Column span={4}>
            <Frequency answer={data} dimmed={dimmed} />
          </Column>
          <Column span={12}>
            <ChartCard
              title="Calendar"
              sentence="Each cell is a day. Pick one to see its week."
              chart={data && { kind: "heatMap", data: calendarHeat(data.calendar, isNarrow ? NARROW : WIDE) }}
              metrics={["dau"]}
              source={data?.source}
              dimmed={dimmed}
              onPick={(key) => change({ range: weekOfCell(key, days.to) })}
              empty={<Empty why="No day of the past year has been read yet." />}
            />
          </Column>
          <Column span={6}>
            <ChartCard
              title="Who came and who left"
              sentence="Above the line who was active in a week, below it who was active in the week before and no more."
              chart={weeks && { kind: "stackedBars", data: weeksDrawn(weeks) }}
              metrics={[]}
              formulas={RETENTION}
              source={retention.data?.source}
              problem={retention.error}
              onRetry={() => void retention.refetch()}
              dimmed={retention.isPlaceholderData}
              height={300}
              empty={<Empty why="Nobody was active in these weeks." />}
            />
          </Column>
          <Column span={6}>
            <ChartCard
              title="Who stays"
              sentence="Of those who began in the same week, how many were active again, in per cent."
              chart={retention.data && { kind: "heatMap", data: cohortHeat(retention.data) }}
              metrics={[]}
              formulas={RETENTION}
              source={retention.data?.source}
              problem={retention.error}
              onRetry={() => void retention.refetch()}
              dimmed={retention.isPlaceholderData}
              empty={
                <Empty why="Nobody began in these weeks. Whoever was active in the first four weeks of the record may have begun before it, and forms no cohort." />
              }
            >
              {isSuppressed && <p className="small quiet">Hatched: cohorts of too few people to be shown.</p>}
            </ChartCard>
          </Column>
          {!retention.isError && (
            <Column span={12}>
              <Card
                title="Week by week"
                sentence={
                  retention.data &&
                  `Weeks of ${formatRange(retention.data.range.from, retention.data.range.to)}, Monday to Sunday.`
                }
              >
                <DataTable
                  label="New, returning and lost people by week"
                  rows={weeks}
                  columns={WEEK_COLUMNS}
                  rowKey={({ week }) => week}
                  sort={{ id: "week", desc: true }}
                  dimmed={retention.isPlaceholderData}
                  onPick={({ week }) => change({ range: { from: week, to: addDays(week, 6) } })}
                  empty={<Empty why="No week of this range has been read yet." />}
                />
              </Card>
            </Column>
          )}
        </Columns>
      </Answered>
    </Page>
  );
}
