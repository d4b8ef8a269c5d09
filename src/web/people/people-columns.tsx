import type { Output } from "../client/index.ts";
import { formatDay, labelOf } from "../format/index.ts";
import type { DataColumn } from "../ui/index.ts";
import { BANDS } from "./bands.ts";

export type PersonRow = Output<"listPeopleUsage">["rows"][number];
export type MoneyKind = keyof PersonRow["cost"];

/** What the server sorts by. Lines of code are not among it: nobody is ranked by them. */
export const SORTABLE = ["name", "team", "activeDays", "sessions", "acceptRate", "cost", "lastActive"] as const;
export type PeopleSort = (typeof SORTABLE)[number];

const NAME: DataColumn<PersonRow> = {
  id: "name",
  title: "Person",
  value: ({ name }) => name,
  cell: (row) => (
    <span className="person-name">
      <bdi title={row.name}>{row.name}</bdi>
      <PersonNote {...row} />
    </span>
  ),
};

const TEAM: DataColumn<PersonRow> = {
  id: "team",
  title: "Team",
  value: ({ team }) => labelOf(String(team), "team"),
  cell: ({ team }) => (
    <bdi className="team-name" title={team ?? undefined}>
      {labelOf(String(team), "team")}
    </bdi>
  ),
};

const SPARK: DataColumn<PersonRow> = {
  id: "sparkline",
  title: "Sessions a day",
  value: () => null,
  spark: ({ sparkline }) => sparkline,
};

const FIGURES: readonly DataColumn<PersonRow>[] = [
  { id: "activeDays", title: "Active days", unit: "count", value: ({ activeDays }) => activeDays },
  { id: "sessions", title: "Sessions", unit: "sessions", value: ({ sessions }) => sessions },
  {
    id: "acceptRate",
    title: "Accept rate",
    unit: "ratio",
    value: ({ acceptRate }) => acceptRate,
    reason: () => "No edit was proposed in this range.",
  },
];

const LAST: DataColumn<PersonRow> = {
  id: "lastActive",
  title: "Last active",
  unit: "count",
  value: ({ lastActive }) => lastActive,
  cell: ({ lastActive, band }) => (
    <span className="people-two-lines">
      <span>{lastActive === null ? "never" : formatDay(lastActive)}</span>
      {lastActive !== null && (
        <span className="small quiet" data-tone={band === "lapsed" ? "attention" : undefined} title={BANDS[band].says}>
          {BANDS[band].label.toLowerCase()}
        </span>
      )}
    </span>
  ),
};

/** Columns of people, or of the services and keys that are apart from them and have no team. */
export function peopleColumns(of: "humans" | "others", kind: MoneyKind): DataColumn<PersonRow>[] {
  const cost: DataColumn<PersonRow> = {
    id: "cost",
    title: kind === "estimated" ? "Spend" : `Spend, ${kind}`,
    unit: "usd",
    bar: true,
    value: (row) => row.cost[kind],
    reason: () => "not_reported_by_source",
    // Their use is real, and no one is billed for it by token.
    below: ({ cost }) => (Number(cost[kind]) === 0 && Number(cost.notional) > 0 ? "subscription" : null),
  };
  return of === "humans"
    ? [NAME, TEAM, SPARK, ...FIGURES, cost, LAST]
    : [{ ...NAME, title: "Service or key" }, SPARK, ...FIGURES, cost, LAST];
}

function PersonNote({ name, emails, personId, inRoster, endsOn }: PersonRow) {
  const [email] = emails;
  const note =
    email === undefined
      ? null
      : personId === null
        ? "not in the roster"
        : inRoster
          ? email
          : endsOn === null
            ? "no longer in the roster"
            : `left ${formatDay(endsOn)}`;
  return note === null || note === name ? null : <span className="small quiet">{note}</span>;
}
