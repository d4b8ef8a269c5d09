import { useMemo } from "react";

import { useMe, type Asked, type Output } from "../client/index.ts";
import { carriedFilters, useFilters } from "../filters/index.ts";
import { formatRange, labelOf } from "../format/index.ts";
import { Card, DataTable, Empty, ErrorBox, type DataColumn } from "../ui/index.ts";

type Teams = Output<"listTeams">;
type TeamRow = Teams["rows"][number];

/** Every team with people, activity, adoption and cost; a team leads to its people, for who may see them. */
export function TeamsTable({ teams }: { teams: Asked<"listTeams"> }) {
  const { narrowTo } = useFilters();
  const { may } = useMe();
  const { data } = teams;
  const columns = useMemo(() => columnsOf(data), [data]);
  return (
    <Card
      title="All teams"
      sentence={
        data === undefined
          ? undefined
          : `${formatRange(data.range.from, data.range.to)}. Of each day, the team that a person was in on that day. Spend is ${data.kind}.`
      }
    >
      {teams.isError ? (
        <ErrorBox thrown={teams.error} onRetry={() => void teams.refetch()} />
      ) : (
        <DataTable
          label="Teams"
          rows={data?.rows}
          columns={columns}
          rowKey={({ team }) => String(team)}
          sort={{ id: "team", desc: false }}
          {...(may("people")
            ? { href: ({ team }: TeamRow) => peopleOf(team) }
            : { onPick: ({ team }: TeamRow) => narrowTo("team", [String(team)]) })}
          dimmed={teams.isPlaceholderData}
          empty={
            <Empty why="No team is known yet. Teams come with the roster: a CSV file with a line for each person." />
          }
        />
      )}
    </Card>
  );
}

function peopleOf(team: string | null): string {
  const search = new URLSearchParams(carriedFilters(globalThis.location.search));
  search.set("team", String(team));
  return `/people?${search.toString()}`;
}

function columnsOf(teams: Teams | undefined): DataColumn<TeamRow>[] {
  const total = teams?.total;
  const why = (id: string) => (row: TeamRow) => row.reasons[id];
  return [
    { id: "team", title: "Team", value: ({ team }) => labelOf(String(team), "team") },
    {
      id: "people",
      title: "People",
      unit: "people",
      value: ({ people }) => people,
      reason: () => "suppressed_for_privacy",
      total: total?.people ?? null,
    },
    {
      id: "active",
      title: "Active",
      unit: "people",
      value: ({ active }) => active,
      reason: why("active"),
      total: total?.active ?? null,
    },
    {
      id: "adoption",
      title: "Adoption",
      unit: "ratio",
      bar: true,
      value: ({ adoption }) => adoption,
      reason: why("adoption"),
      total: total?.adoption ?? null,
    },
    {
      id: "sessions",
      title: "Sessions",
      unit: "sessions",
      value: ({ sessions }) => sessions,
      reason: why("sessions"),
      total: total?.sessions ?? null,
    },
    {
      id: "acceptRate",
      title: "Accept rate",
      unit: "ratio",
      value: ({ acceptRate }) => acceptRate,
      reason: why("acceptRate"),
      total: total?.acceptRate ?? null,
    },
    {
      id: "pullRequests",
      title: "Pull requests",
      unit: "count",
      value: ({ pullRequests }) => pullRequests,
      reason: why("pullRequests"),
      total: total?.pullRequests ?? null,
    },
    {
      id: "cost",
      title: "Spend",
      unit: "usd",
      bar: true,
      value: ({ cost }) => cost,
      reason: why("cost"),
      total: total?.cost ?? null,
    },
    {
      id: "costPerActive",
      title: "Per spender",
      unit: "usd",
      value: ({ costPerActive }) => costPerActive,
      reason: why("costPerActive"),
      total: total?.costPerActive ?? null,
    },
  ];
}
