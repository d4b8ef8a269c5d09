import { SegmentedControl } from "@mantine/core";
import { useMemo } from "react";
import { useSearchParams } from "wouter";

import { changeWords, STATES, targetWords, THROUGH, type Change } from "../changes/words.ts";
import { WritingIsOff } from "../changes/writing-is-off.tsx";
import { useAnswer } from "../client/index.ts";
import "../changes/changes.css";
import { NamedCell } from "../directory/named-cell.tsx";
import { exact, formatInstant } from "../format/index.ts";
import { Card, DataTable, Empty, Page, Pill, type DataColumn } from "../ui/index.ts";

const GROUPS = [
  { value: "all", label: "All" },
  { value: "waiting", label: "Waiting" },
  { value: "done", label: "Done" },
  { value: "not_done", label: "Not done" },
] as const;

/** Somebody's assistant may plan something at any time. */
const EVERY_MS = 5_000;

/** What was planned, decided and done at Anthropic. */
export function Changes() {
  const answer = useAnswer("listChanges", {}, { refetchEvery: EVERY_MS });
  const [params, setParams] = useSearchParams();
  const { data } = answer;
  const group = GROUPS.find(({ value }) => value === params.get("show"))?.value ?? "all";
  const rows = useMemo(
    () => data?.rows.filter(({ state }) => group === "all" || STATES[state].group === group),
    [data, group],
  );
  const columns = useMemo(
    () => columnsOf(new Set(data?.rows.map(({ organizationId }) => organizationId)).size > 1),
    [data],
  );
  const countOf = (wanted: (typeof GROUPS)[number]["value"]) =>
    data?.rows.filter(({ state }) => wanted === "all" || STATES[state].group === wanted).length ?? 0;
  const choose = (next: string) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      if (next === "all") after.delete("show");
      else after.set("show", next);
      return after;
    });
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
          <div className="directory-tools no-print">
            <SegmentedControl
              size="xs"
              aria-label="Changes in which state"
              value={group}
              onChange={choose}
              data={GROUPS.map(({ value, label }) => ({ value, label: `${label} ${exact(countOf(value), "count")}` }))}
            />
          </div>
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
