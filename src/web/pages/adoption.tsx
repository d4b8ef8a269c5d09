import { useCallback } from "react";
import { useSearchParams } from "wouter";

import { ByList, LISTS, type Denominator } from "../activity/by-list.tsx";
import { noteOf, STEPS, Waits } from "../activity/onboarding.tsx";
import { PeopleLists } from "../activity/people-lists.tsx";
import { ADOPTION } from "../activity/formulas.ts";
import { ActivityFoot, Answered, ComparedHeadline, drawnOver, ofPeople } from "../activity/index.ts";
import { useAnswer, useMe, type Output } from "../client/index.ts";
import { useFilters, type Narrowing } from "../filters/index.ts";
import { labelOf } from "../format/index.ts";
import {
  Card,
  ChartCard,
  Column,
  Columns,
  DataTable,
  Empty,
  HeadlineRow,
  Notice,
  Page,
  type DataColumn,
} from "../ui/index.ts";

const NARROWINGS: readonly Narrowing[] = ["organization", "team"];

type Adopted = Output<"adoption">;

/** How many of those who could use Claude Code do, by each list of who could, by team, and by how far they came. */
export function AdoptionRate() {
  const { common, narrowTo } = useFilters(NARROWINGS);
  const { may } = useMe();
  const [denominator, choose] = useDenominator();
  const asked = common && {
    ...ofPeople(common),
    ...(denominator === null ? {} : { denominator }),
  };
  const adoption = useAnswer("adoption", asked);
  const onboarding = useAnswer("onboarding", asked);

  const { data } = adoption;
  const { headline } = data ?? {};
  const dimmed = adoption.isPlaceholderData;
  const headlines = { frame: data, dimmed } as const;
  const list = data && LISTS[data.denominator];
  return (
    <Page
      title="AI Adoption Rate"
      sentence={`How many of ${list?.of ?? "those who could"} use Claude Code, and where the others stopped.`}
      filters={{ narrowings: NARROWINGS, population: false }}
      foot={<ActivityFoot answers={[data, onboarding.data]} metrics={["adoption_rate", "active_users"]} />}
    >
      <Answered answer={adoption}>
        <HeadlineRow>
          <ComparedHeadline
            {...headlines}
            label="Adoption"
            {...(list === undefined ? {} : { note: `of ${list.name.toLowerCase()}` })}
            unit="ratio"
            figure={headline?.rate}
            good="more"
            spark={data?.series.map(({ monthly }) => monthly.value)}
          />
          <ComparedHeadline
            {...headlines}
            label="Active"
            note="and on the list"
            unit="people"
            figure={headline?.active}
            good="more"
          />
          <ComparedHeadline {...headlines} label="Could be active" unit="people" figure={headline?.eligible} />
          <ComparedHeadline
            {...headlines}
            label="Not started"
            unit="people"
            figure={data && countOf(data, data.notStarted)}
          />
          <ComparedHeadline
            {...headlines}
            label="Lapsed"
            note="28 days"
            unit="people"
            figure={data && countOf(data, data.lapsed)}
          />
        </HeadlineRow>
        <Columns>
          <Column span={8}>
            <ChartCard
              title="Adoption over time"
              sentence="Share of the list that was active on a day, in the 7 days up to it, and in the 30 days up to it."
              chart={
                data && {
                  kind: "lines",
                  data: drawnOver(data.series, {
                    unit: "ratio",
                    grain: "day",
                    bucket: ({ day }) => day,
                    series: [
                      { name: "monthly", label: "Monthly", color: "var(--c-3)", value: ({ monthly }) => monthly.value },
                      { name: "weekly", label: "Weekly", color: "var(--c-2)", value: ({ weekly }) => weekly.value },
                      { name: "daily", label: "Daily", color: "var(--c-1)", value: ({ daily }) => daily.value },
                    ],
                  }),
                }
              }
              metrics={["adoption_rate", "dau", "wau", "mau"]}
              source={data?.source}
              dimmed={dimmed}
              empty={<Empty why="Nobody of the list was active in this range." />}
              height={300}
            />
          </Column>
          <Column span={4}>
            <ByList answer={data} dimmed={dimmed} onChoose={choose} />
          </Column>
          <Column span={5}>
            <ChartCard
              title="From invitation to first commit"
              sentence="Everybody who was invited or is a member, by how far they came."
              chart={
                onboarding.data && {
                  kind: "funnel",
                  data: {
                    unit: "people",
                    steps: onboarding.data.steps.map(({ id, people, medianDays, open }) => ({
                      name: id,
                      label: STEPS[id],
                      value: people,
                      ...noteOf(medianDays.value, open),
                    })),
                  },
                }
              }
              metrics={[]}
              formulas={ADOPTION}
              source={onboarding.data?.source}
              problem={onboarding.error}
              onRetry={() => void onboarding.refetch()}
              dimmed={onboarding.isPlaceholderData}
              empty={<Empty why="No invitation and no member has been read yet." />}
            >
              {onboarding.data && <Waits steps={onboarding.data.steps} />}
            </ChartCard>
          </Column>
          <Column span={7}>
            <Card title="Teams" sentence="By the team of each person at the end of the range.">
              <DataTable
                label="Adoption by team"
                rows={data?.teams}
                columns={TEAM_COLUMNS}
                rowKey={({ team }) => String(team)}
                sort={{ id: "rate", desc: false }}
                onPick={({ team }) => narrowTo("team", [String(team)])}
                dimmed={dimmed}
                empty={<Empty why="Nobody has a team. Load a roster to see teams apart." />}
              />
            </Card>
          </Column>
          {may("people") ? (
            <PeopleLists asked={asked} />
          ) : (
            <Column span={12}>
              <Notice kind="note">
                Who has not started and who has lapsed is shown by name to those who may see individuals. The counts
                above are the same.
              </Notice>
            </Column>
          )}
        </Columns>
      </Answered>
    </Page>
  );
}

/** The list that is divided by stands in the address; without one the settings say. */
function useDenominator(): [Denominator | null, (next: string) => void] {
  const [params, setParams] = useSearchParams();
  const text = params.get("denominator");
  const known = text !== null && Object.hasOwn(LISTS, text) ? (text as Denominator) : null;
  const choose = useCallback(
    (next: string) =>
      setParams((before) => {
        const after = new URLSearchParams(before);
        after.set("denominator", next);
        return after;
      }),
    [setParams],
  );
  return [known, choose];
}

function countOf({ headline }: Adopted, people: number | null) {
  if (people !== null) return { value: people };
  return { value: null, ...(headline.eligible.reason === undefined ? {} : { reason: headline.eligible.reason }) };
}

const reason = ({ reason, rate }: Adopted["teams"][number]) => reason ?? rate.reason;

const TEAM_COLUMNS: readonly DataColumn<Adopted["teams"][number]>[] = [
  { id: "team", title: "Team", value: ({ team }) => labelOf(String(team), "team") },
  { id: "rate", title: "Adoption", unit: "ratio", bar: true, value: ({ rate }) => rate.value, reason },
  { id: "active", title: "Active", unit: "people", value: ({ active }) => active, reason },
  { id: "eligible", title: "Could be", unit: "people", value: ({ eligible }) => eligible, reason },
  {
    id: "before",
    title: "Before",
    unit: "ratio",
    value: ({ previousRate }) => previousRate.value,
    reason: ({ previousRate }) => previousRate.reason,
  },
];
