import { Link, useSearch } from "wouter";

import { useAnswer, type Input, type Output } from "../client/index.ts";
import { carriedFilters } from "../filters/index.ts";
import { labelOf } from "../format/index.ts";
import { Card, Column, DataTable, Empty, ErrorBox, type DataColumn } from "../ui/index.ts";

type People = Output<"adoptionPeople">;
type Person = Pick<People["outside"][number], "person" | "personId" | "name" | "team">;

/** Who has not begun, who has stopped, and who works outside the list: for callers who may see individuals. */
export function PeopleLists({ asked }: { asked: Input<"adoptionPeople"> | null }) {
  const { data, isError, error, refetch, isPlaceholderData: dimmed } = useAnswer("adoptionPeople", asked);
  if (isError) {
    return (
      <Column span={12}>
        <ErrorBox thrown={error} onRetry={() => void refetch()} />
      </Column>
    );
  }
  return (
    <>
      <Column span={6}>
        <Card title="Not started" sentence="May use Claude Code, and never have. The longest wait first.">
          <DataTable
            label="People who have not started"
            rows={data?.notStarted}
            columns={NOT_STARTED}
            rowKey={({ person }) => person}
            sort={{ id: "since", desc: false }}
            pageSize={10}
            dimmed={dimmed}
            empty={<Empty why="Everybody who may use Claude Code has begun." />}
          />
        </Card>
      </Column>
      <Column span={6}>
        <Card title="Lapsed" sentence="On the list and active before, but not in the last 28 complete days.">
          <DataTable
            label="People who have lapsed"
            rows={data?.lapsed}
            columns={LAPSED}
            rowKey={({ person }) => person}
            sort={{ id: "last", desc: true }}
            pageSize={10}
            dimmed={dimmed}
            empty={<Empty why="Nobody on the list who began has stopped." />}
          />
        </Card>
      </Column>
      {data !== undefined && data.outside.length > 0 && (
        <Column span={12}>
          <Card
            title="Active, and not on the list"
            sentence="They use Claude Code without being among those who may, so they are not in the rate. Former members, contractors, or an e-mail that the roster does not know."
          >
            <DataTable
              label="People active outside the denominator"
              rows={data.outside}
              columns={OUTSIDE}
              rowKey={({ person }) => person}
              sort={{ id: "days", desc: true }}
              pageSize={10}
              dimmed={dimmed}
            />
          </Card>
        </Column>
      )}
    </>
  );
}

/** A name that leads to the person's page, where the record knows the person. */
function PersonName({ personId, name }: Pick<Person, "personId" | "name">) {
  const search = useSearch();
  if (personId === null) return <bdi>{name}</bdi>;
  return (
    <Link href={`/people/${encodeURIComponent(personId)}${carriedFilters(search)}`}>
      <bdi>{name}</bdi>
    </Link>
  );
}

const NAME: DataColumn<Person> = {
  id: "name",
  title: "Person",
  value: ({ name }) => name,
  cell: ({ personId, name }) => <PersonName personId={personId} name={name} />,
};
const TEAM: DataColumn<Person> = { id: "team", title: "Team", value: ({ team }) => labelOf(String(team), "team") };

const NOT_STARTED: readonly DataColumn<People["notStarted"][number]>[] = [
  NAME,
  TEAM,
  {
    id: "since",
    title: "Listed since",
    value: ({ eligibleSince }) => eligibleSince,
    reason: () => "The list does not say since when.",
  },
  {
    id: "invite",
    title: "Invitation",
    value: ({ invite }) => invite,
    reason: () => "No invitation is known: a member already, or not invited.",
  },
];

const LAPSED: readonly DataColumn<People["lapsed"][number]>[] = [
  NAME,
  TEAM,
  { id: "last", title: "Last active", value: ({ lastActive }) => lastActive },
  { id: "ago", title: "Days ago", unit: "count", value: ({ daysSince }) => daysSince },
];

const OUTSIDE: readonly DataColumn<People["outside"][number]>[] = [
  NAME,
  TEAM,
  { id: "last", title: "Last active", value: ({ lastActive }) => lastActive },
  { id: "days", title: "Active days", unit: "count", bar: true, value: ({ activeDays }) => activeDays },
];
