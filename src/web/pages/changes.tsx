import { useMemo } from "react";

import { changeWords, STATES, targetWords, THROUGH, type Change } from "../changes/words.ts";
import { WritingIsOff } from "../changes/writing-is-off.tsx";
import { useAnswer } from "../client/index.ts";
import "../changes/changes.css";
import { NamedCell } from "../directory/named-cell.tsx";
import { formatInstant } from "../format/index.ts";
import { Card, DataTable, Empty, Page, Pill, ShowChoice, useShown, type DataColumn } from "../ui/index.ts";

const GROUPS = [
  { name: "waiting", title: "Waiting" },
  { name: "done", title: "Done" },
  { name: "not_done", title: "Not done" },
] as const;
type Group = (typeof GROUPS)[number]["name"];

/** Somebody's assistant may plan something at any time. */
const EVERY_MS = 5_000;

/** What was planned, decided and done at Anthropic. */
export function Changes() {
  const answer = useAnswer("listChanges", {}, { refetchEvery: EVERY_MS });
  const { data } = answer;
  const group = useShown(GROUPS.map(({ name }) => name));
  const rows = useMemo(() => (group === "all" ? data?.rows : data && inGroup(data.rows, group)), [data, group]);
  const columns = useMemo(
    () => columnsOf(new Set(data?.rows.map(({ organizationId }) => organizationId)).size > 1),
    [data],
  );
  return (
    <Page
      title="Changes"
      sentence="What was planned, approved and done at Anthropic: by whom, and what became of it. Open one to decide about it."
    >
      {data?.isOn === false && <WritingIsOff />}
      <Card
        title="Changes at Anthropic"
        sentence="The latest first. A plan that nobody approves and carries out ends by itself after five minutes."
      >
        {data !== undefined && data.rows.length > 0 && (
          <ShowChoice
            label="Changes in which state"
            shown={group}
            all={data.rows.length}
            parts={GROUPS.map(({ name, title }) => ({ name, title, count: inGroup(data.rows, name).length }))}
          />
        )}
        <DataTable
          key={group}
          label="Changes"
          rows={rows}
          columns={columns}
          pageSize={25}
          rowKey={({ id }) => id}
          sort={{ id: "plannedAt", desc: true }}
          href={({ id }) => `/changes/${id}`}
          dimmed={answer.isPlaceholderData}
          problem={answer.error}
          onRetry={() => void answer.refetch()}
          empty={
            group === "all" ? (
              <Empty why="Nothing was planned yet. Members, workspaces and API keys are changed on their pages, or by an assistant; each plan then stands here.">
                <a href="/members">See the members</a>
              </Empty>
            ) : (
              <Empty why="No change is in this state." />
            )
          }
        />
      </Card>
    </Page>
  );
}

function inGroup(changes: readonly Change[], group: Group): readonly Change[] {
  return changes.filter(({ state }) => STATES[state].group === group);
}

function columnsOf(hasMany: boolean): DataColumn<Change>[] {
  return [
    {
      id: "title",
      title: "Change",
      value: ({ title, steps }) => [title, ...steps.map(targetWords)].join(" "),
      cell: ({ title, steps }) => (
        <NamedCell
          name={title}
          below={steps.length === 1 ? targetWords(steps[0]!) : `${steps.length} steps: ${targetWords(steps[0]!)}`}
        />
      ),
    },
    {
      id: "state",
      title: "State",
      value: ({ state }) => STATES[state].label,
      cell: ({ state }) => <Pill tone={STATES[state].tone}>{STATES[state].label}</Pill>,
    },
    ...(hasMany
      ? [{ id: "organization", title: "Organization", value: ({ organization }: Change) => organization }]
      : []),
    {
      id: "what",
      title: "Effect",
      value: ({ steps }) => steps.map(changeWords).join("; "),
      cell: ({ steps }) => <span className="change-what">{steps.map(changeWords).join("; ")}</span>,
    },
    {
      id: "plannedBy",
      title: "Planned by",
      value: ({ plannedBy }) => plannedBy.name ?? plannedBy.by,
      cell: ({ plannedBy: { name, by, through } }) => <NamedCell name={name ?? by} below={THROUGH[through]} />,
    },
    {
      id: "decidedBy",
      title: "Decided by",
      value: ({ decision }) => (decision === null ? null : (decision.name ?? decision.by)),
      reason: () => "Nobody decided.",
      cell: ({ decision }) =>
        decision === null ? (
          <span className="quiet">—</span>
        ) : (
          <NamedCell name={decision.name ?? decision.by} below={decision.answer} />
        ),
    },
    {
      id: "plannedAt",
      title: "Planned",
      value: ({ plannedAt }) => plannedAt,
      cell: ({ plannedAt }) => <span className="day">{formatInstant(plannedAt)}</span>,
    },
  ];
}
