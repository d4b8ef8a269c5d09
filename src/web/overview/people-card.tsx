import { Link } from "wouter";

import { useAnswer, useMe, type Output } from "../client/index.ts";
import { daysIn, type Common } from "../filters/index.ts";
import { exact } from "../format/index.ts";
import { SpendTable } from "../money/index.ts";
import { Card, DataTable, Empty, type DataColumn } from "../ui/index.ts";
import type { Kind } from "./workspaces-card.tsx";

type Row = Output<"listPeopleUsage">["rows"][number];

interface PeopleCardProps {
  readonly common: Common | null;
  readonly kind: { readonly kind?: Kind };
  /** The filters, for links. */
  readonly carried: string;
}

const MOST = 6;

/** Who spends the most; teams for those who may not see individuals. */
export function PeopleCard(props: PeopleCardProps) {
  const { me, may } = useMe();
  if (me === undefined) return null;
  return may("people") ? <People {...props} /> : <Teams {...props} />;
}

const COLUMNS: readonly DataColumn<Row>[] = [
  { id: "name", title: "Person", value: ({ name, person }) => name ?? person },
  { id: "team", title: "Team", value: ({ team }) => team },
  { id: "sessions", title: "Sessions a day", value: () => null, spark: ({ sparkline }) => sparkline },
  {
    id: "rate",
    title: "Accept rate",
    unit: "ratio",
    value: ({ acceptRate }) => acceptRate,
    reason: () => "zero_denominator",
  },
  { id: "cost", title: "Spend", unit: "usd", bar: true, value: ({ cost }) => cost.estimated },
];

function People({ common, carried }: PeopleCardProps) {
  const asked = common && { ...daysIn(common), ...(common.where && { where: common.where }) };
  const people = useAnswer("listPeopleUsage", asked && { ...asked, sort: "cost", kind: "estimated", limit: MOST });
  const total = people.data?.total ?? 0;
  return (
    <Card
      title="People"
      sentence="By estimated spend. Spend is no measure of a person."
      tools={<Link href={`/people${carried}`}>{total > MOST ? `All ${exact(total, "count")}` : "All people"}</Link>}
    >
      <DataTable
        label="People by spend"
        rows={people.data?.rows}
        columns={COLUMNS}
        rowKey={({ person }) => person}
        sort={{ id: "cost", desc: true }}
        href={({ personId, person }) => `/people/${encodeURIComponent(personId ?? person)}${carried}`}
        problem={people.error}
        onRetry={() => void people.refetch()}
        dimmed={people.isPlaceholderData}
        empty={<Empty why="Nobody was active in this range." />}
      />
    </Card>
  );
}

function Teams({ common, kind, carried }: PeopleCardProps) {
  const teams = useAnswer("spendBy", common && { by: "team", most: MOST, ...common, ...kind });
  return (
    <Card
      title="Teams"
      sentence="Individuals are not shown to you."
      tools={<Link href={`/teams${carried}`}>All teams</Link>}
    >
      <SpendTable
        label="Spend by team"
        short
        table={teams.data?.table}
        problem={teams.error}
        onRetry={() => void teams.refetch()}
        dimmed={teams.isPlaceholderData}
      />
    </Card>
  );
}
