import { useCallback } from "react";
import { useSearchParams } from "wouter";

import { PeopleLists } from "../activity/people-lists.tsx";
import { ADOPTION } from "../activity/formulas.ts";
import { ActivityFoot, ComparedHeadline, drawnOver, ofPeople } from "../activity/index.ts";
import { useAnswer, useMe, type Output } from "../client/index.ts";
import { useFilters, type Narrowing } from "../filters/index.ts";
import { exact, labelOf } from "../format/index.ts";
import {
  Card,
  ChartCard,
  Column,
  Columns,
  DataTable,
  Empty,
  ErrorBox,
  HeadlineRow,
  Notice,
  Page,
  type DataColumn,
} from "../ui/index.ts";

const NARROWINGS: readonly Narrowing[] = ["organization", "team"];

type Adopted = Output<"adoption">;
type Denominator = Adopted["denominator"];

const LISTS = {
  roster: { name: "Roster", of: "the people of the roster" },
  assigned_seats: { name: "Assigned seats", of: "the assigned seats" },
  org_members: { name: "Members", of: "the members who may use Claude Code" },
  ever_active: { name: "Ever active", of: "everybody who was ever active" },
} as const satisfies Record<Denominator, { name: string; of: string }>;

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
  const retry = () => void adoption.refetch();
  return (
    <Page
      title="AI Adoption Rate"
      sentence={`How many of ${list?.of ?? "those who could"} use Claude Code, and where the others stopped.`}
      filters={{ narrowings: NARROWINGS, population: false }}
      foot={<ActivityFoot answers={[data, onboarding.data]} metrics={["adoption_rate", "active_users"]} />}
    >
      {adoption.isError && <ErrorBox thrown={adoption.error} onRetry={retry} />}
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
            problem={adoption.error}
            onRetry={retry}
            dimmed={dimmed}
            empty={<Empty why="Nobody of the list was active in this range." />}
            height={300}
          />
        </Column>
        <Column span={4}>
          <ByDenominator answer={data} dimmed={dimmed} onChoose={choose} />
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
                  steps: onboarding.data.steps.map(({ id, title, people, medianDays, open }) => ({
                    name: id,
                    label: STEPS[id] ?? title,
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
              Who has not started and who has lapsed is shown by name to those who may see individuals. The counts above
              are the same.
            </Notice>
          </Column>
        )}
      </Columns>
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

const FLAGS = {
  no_seats: "no seats are assigned",
  denominator_backfilled: "earlier days are taken from the first known list",
  not_loaded: "not loaded",
} as const satisfies Record<Adopted["denominators"][number]["flags"][number], string>;

function ByDenominator({
  answer,
  dimmed,
  onChoose,
}: {
  answer: Adopted | undefined;
  dimmed: boolean;
  onChoose: (next: string) => void;
}) {
  const usable = answer?.denominators.filter(({ rate }) => rate.value !== null) ?? [];
  const others = answer?.denominators.filter(({ rate }) => rate.value === null) ?? [];
  const flagged = usable.flatMap(({ id, flags }) => flags.map((flag) => `${LISTS[id].name}: ${FLAGS[flag]}.`));
  return (
    <ChartCard
      title="By list"
      sentence="The same people over each list of who could. Pick one to divide the page by it."
      chart={
        answer && {
          kind: "bars",
          data: {
            unit: "ratio",
            bars: usable.map(({ id, rate }) => ({
              name: id,
              label: LISTS[id].name,
              value: rate.value,
              color: id === answer.denominator ? "var(--c-1)" : "var(--seq-3)",
            })),
          },
        }
      }
      metrics={["adoption_rate"]}
      source={answer?.source}
      dimmed={dimmed}
      onPick={onChoose}
      empty={<Empty why="No list of people has been read yet. Connect an organization, or load a roster." />}
    >
      <dl className="fact-list small">
        {usable.map(({ id, active, eligible }) => (
          <div key={id}>
            <dt>{LISTS[id].name}</dt>
            <dd>
              {exact(active, "people")} of {exact(eligible, "people")}
            </dd>
          </div>
        ))}
        {others.map(({ id, flags }) => (
          <div key={id}>
            <dt>{LISTS[id].name}</dt>
            <dd className="quiet">{flags.length === 0 ? "no figure" : flags.map((flag) => FLAGS[flag]).join(", ")}</dd>
          </div>
        ))}
      </dl>
      {flagged.map((line) => (
        <p key={line} className="small quiet">
          {line}
        </p>
      ))}
    </ChartCard>
  );
}

type Step = Output<"onboarding">["steps"][number];

/** Short enough to stand beside a bar. */
const STEPS: Readonly<Partial<Record<Step["id"], string>>> = {
  first_accepted_edit: "Accepted edit",
  first_commit_or_pull_request: "Commit or PR",
};

function noteOf(median: number | null, open: number | null): { note?: string } {
  const parts = [
    median === null ? null : `${daysText(median)} after the step before, as a median`,
    open === null || open === 0 ? null : `${open} have not come this far yet`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? {} : { note: `${parts.join("; ")}.` };
}

/** How long each step took, in one line each. */
function Waits({ steps }: { steps: readonly Step[] }) {
  const known = steps
    .map((step, at) => ({ ...step, before: steps[at - 1]?.title ?? "" }))
    .filter(({ medianDays }) => medianDays.value !== null);
  if (known.length === 0) return null;
  return (
    <dl className="fact-list small">
      {known.map(({ id, title, before, medianDays, measured }) => (
        <div key={id}>
          <dt>
            {before} to {title.toLowerCase()}
          </dt>
          <dd>
            {daysText(medianDays.value ?? 0)}{" "}
            <span className="quiet">
              median of {measured}
              {medianDays.lowSample === true ? ", few" : ""}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function daysText(days: number): string {
  return days === 0 ? "the same day" : days === 1 ? "1 day" : `${days} days`;
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
