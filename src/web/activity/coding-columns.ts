import type { Output } from "../client/index.ts";
import { labelOf, type Unit } from "../format/index.ts";
import type { DataColumn } from "../ui/index.ts";

type Coding = Output<"codingActivity">;
type MeasureRow = Coding["measures"][number];
type TeamRow = Output<"codingByTeam">["teams"][number];
type PopulationRow = Coding["populations"][number];

/** Sums and their shares: in all, and over each of the things that they are divided by. */
export const MEASURE_COLUMNS: readonly DataColumn<MeasureRow>[] = [
  { id: "measure", title: "Measure", value: ({ title }) => title },
  per("total", "In all", "count", ({ total }) => total),
  per("person", "Per person", "count", ({ perActivePerson }) => perActivePerson),
  per("day", "Per active day", "count", ({ perActiveDay }) => perActiveDay),
  // A session over itself says nothing.
  per("session", "Per session", "count", ({ id, perSession }) =>
    id === "sessions" ? { value: null, reason: "A session over itself says nothing." } : perSession,
  ),
];

export const TEAM_COLUMNS: readonly DataColumn<TeamRow>[] = [
  { id: "team", title: "Team", value: ({ team }) => labelOf(String(team), "team") },
  sum("people", "People", "people", ({ activePeople }) => activePeople),
  sum("personDays", "Active days", "person_days", ({ personDays }) => personDays),
  sum("sessions", "Sessions", "sessions", ({ sessions }) => sessions),
  sum("lines", "Lines", "lines", ({ lines_added }) => lines_added),
  sum("commits", "Commits", "count", ({ commits }) => commits),
  sum("pull_requests", "PRs", "count", ({ pull_requests }) => pull_requests),
  perDay("sessions_day", "Sessions / day", "sessions", ({ perActiveDay }) => perActiveDay.sessions),
  perDay("lines_day", "Lines / day", "lines", ({ perActiveDay }) => perActiveDay.lines_added),
  perDay("commits_day", "Commits / day", "count", ({ perActiveDay }) => perActiveDay.commits),
  perDay("pull_requests_day", "PRs / day", "count", ({ perActiveDay }) => perActiveDay.pull_requests),
];

export const POPULATION_COLUMNS: readonly DataColumn<PopulationRow>[] = [
  { id: "population", title: "Who", value: ({ population }) => labelOf(population, "population") },
  { id: "sessions", title: "Sessions", unit: "sessions", value: ({ sessions }) => sessions },
  { id: "lines", title: "Lines", unit: "lines", value: ({ lines_added }) => lines_added },
  { id: "commits", title: "Commits", unit: "count", value: ({ commits }) => commits },
  { id: "pull_requests", title: "PRs", unit: "count", value: ({ pull_requests }) => pull_requests },
];

interface Figure {
  readonly value: number | null;
  readonly reason?: string | undefined;
}

/** So many digits as tell such shares apart: 0.43 pull requests, 4.3 sessions, 368 lines a day. */
export function shareText(value: number | null): string {
  if (value === null) return "";
  const digits = Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value
    .toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .replace("-", "\u2212");
}

function per<Row>(id: string, title: string, unit: Unit, figure: (row: Row) => Figure): DataColumn<Row> {
  return {
    id,
    title,
    unit,
    value: (row) => figure(row).value,
    reason: (row) => figure(row).reason,
    text: (row) => shareText(figure(row).value),
  };
}

function perDay(id: string, title: string, unit: Unit, figure: (row: TeamRow) => Figure): DataColumn<TeamRow> {
  return per(id, title, unit, (row) => ({ value: figure(row).value, reason: row.reason ?? figure(row).reason }));
}

function sum(id: string, title: string, unit: Unit, value: (row: TeamRow) => number | null): DataColumn<TeamRow> {
  return { id, title, unit, value, reason: ({ reason }) => reason };
}
