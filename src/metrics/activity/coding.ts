import type { Span } from "../../domain/index.ts";
import { countOf, rollingCounts, unionOf } from "../bits.ts";
import { PEOPLE_FLOOR } from "../define.ts";
import { findDimension } from "../dimensions.ts";
import type { Quantity } from "../facts.ts";
import { countPeople } from "../people.ts";
import type { Group } from "../tally.ts";
import type { Grain, ReasonCode } from "../types.ts";
import type { DayState } from "./active-users.ts";
import { compare, divided, figure, none } from "./figures.ts";
import type { Compared, Figure } from "./figures.ts";
import type { Activity, ActivityFrame } from "./frame.ts";
import { hiddenIn } from "./hidden.ts";
import { personsOf } from "./people.ts";
import type { ActivePersons } from "./people.ts";
import { countIn, isUnknown, NO_GROUP, readBuckets, sumsOf, totalIn } from "./sums.ts";

/** What Claude Code reports of the work itself. */
const MEASURES = [
  { id: "sessions", title: "Sessions", unit: "sessions", plus: ["sessions"], minus: [] },
  { id: "lines_added", title: "Lines added", unit: "lines", plus: ["lines_added"], minus: [] },
  { id: "lines_removed", title: "Lines removed", unit: "lines", plus: ["lines_removed"], minus: [] },
  { id: "net_lines", title: "Net lines", unit: "lines", plus: ["lines_added"], minus: ["lines_removed"] },
  { id: "churned_lines", title: "Churned lines", unit: "lines", plus: ["lines_added", "lines_removed"], minus: [] },
  { id: "commits", title: "Commits", unit: "count", plus: ["commits"], minus: [] },
  { id: "pull_requests", title: "Pull requests", unit: "count", plus: ["pull_requests"], minus: [] },
] as const satisfies readonly {
  id: string;
  title: string;
  unit: "sessions" | "lines" | "count";
  plus: readonly Quantity[];
  minus: readonly Quantity[];
}[];

type CodingId = (typeof MEASURES)[number]["id"];

const QUANTITIES: readonly Quantity[] = ["sessions", "lines_added", "lines_removed", "commits", "pull_requests"];

/** The terminal type of sessions that nobody sits before. */
export const NON_INTERACTIVE = "non-interactive";

export type CodingCounts = Readonly<Record<CodingId, number | null>>;

export interface CodingActivity extends ActivityFrame {
  readonly grain: Grain;
  readonly measures: readonly {
    readonly id: CodingId;
    readonly title: string;
    readonly unit: "sessions" | "lines" | "count";
    readonly total: Compared;
    readonly perActivePerson: Compared;
    readonly perActiveDay: Compared;
    readonly perSession: Compared;
  }[];
  readonly active: { readonly people: Compared; readonly personDays: Compared };
  readonly series: readonly CodingBucket[];
  readonly terminals: readonly (CodingCounts & {
    readonly terminal: string | null;
    readonly interactive: boolean;
    readonly shareOfSessions: Figure;
  })[];
  readonly populations: readonly (CodingCounts & { readonly population: "humans" | "service" | "unmapped" })[];
  readonly sessionLength: Figure;
}

export type CodingBucket = CodingCounts & {
  readonly bucket: string;
  readonly activePeople: number | null;
  readonly reason?: ReasonCode;
  readonly state: DayState;
  readonly provisional: boolean;
};

/** Sessions, lines, commits and pull requests: in all, by person, by active day, by session. */
export async function codingActivityOf(activity: Activity, grain: Grain): Promise<CodingActivity> {
  const { span, previous } = activity;
  const persons = await personsOf(activity, { from: previous.from, to: span.to });
  const groups = await sumsOf(activity, { quantities: QUANTITIES, grain });
  const hasPrevious = activity.isComplete(previous);
  const before = hasPrevious ? await sumsOf(activity, { quantities: QUANTITIES, span: previous }) : null;
  const now = divisorsOf(activity, persons, span, groups);
  const then = before ? divisorsOf(activity, persons, previous, before) : null;
  const missing = none("not_collected_yet");
  const against = (of: (groups: readonly Group[], by: Divisors) => Figure) =>
    compare(of(groups, now), before && then ? of(before, then) : missing, "relative");
  warnCaveats(activity);
  return {
    grain,
    measures: MEASURES.map(({ plus, minus, ...measure }) => {
      const total = (some: readonly Group[]) => totalIn(activity, some, plus, minus);
      const per = (divisor: keyof Divisors, floor: number) =>
        against((some, by) => over(total(some), by[divisor], floor));
      return {
        ...measure,
        total: against(total),
        perActivePerson: per("people", PEOPLE_FLOOR),
        perActiveDay: per("personDays", 0),
        perSession: per("sessions", 0),
      };
    }),
    active: {
      people: against((_, by) => by.people),
      personDays: against((_, by) => by.personDays),
    },
    series: seriesOf(activity, persons, groups, grain),
    terminals: await terminalsOf(activity),
    populations: await populationsOf(activity),
    sessionLength: none("not_reported_by_source"),
    ...activity.frame(),
  };
}

interface Divisors {
  readonly people: Figure;
  readonly personDays: Figure;
  readonly sessions: Figure;
}

function divisorsOf(
  activity: Activity,
  { set }: ActivePersons,
  { from, to }: Span,
  groups: readonly Group[],
): Divisors {
  const sessions = totalIn(activity, groups, ["sessions"]);
  if (sessions.reason === "not_collected_yet") return { people: sessions, personDays: sessions, sessions };
  const daily = rollingCounts(set, 1).slice(from - set.from, to - set.from);
  return {
    people: figure(countOf(unionOf(set, from, to))),
    personDays: figure(daily.reduce((sum, count) => sum + count, 0)),
    sessions,
  };
}

/** A figure over another one; the reason why one of them is unknown is the reason of both. */
export function over(amount: Figure, divisor: Figure, floor = 0): Figure {
  if (amount.value === null) return amount;
  if (divisor.value === null) return divisor;
  return divided(amount.value, divisor.value, floor);
}

function seriesOf(activity: Activity, { set }: ActivePersons, groups: readonly Group[], grain: Grain): CodingBucket[] {
  const byBucket = new Map(groups.map((group) => [group.bucket, group]));
  return readBuckets(activity, grain).map(({ bucket, text, days, state, provisional }) => {
    const group = byBucket.get(bucket);
    const place = { bucket: text, state, provisional };
    if (!group && state === "missing") {
      return { ...place, ...NO_COUNTS, activePeople: null, reason: "not_collected_yet" as const };
    }
    return { ...place, ...countsOf(group ?? NO_GROUP), activePeople: countOf(unionOf(set, days.from, days.to)) };
  });
}

function countsOf(group: Group): CodingCounts {
  return eachMeasure(({ plus, minus }) => countIn(group, plus, minus));
}

function eachMeasure(value: (measure: (typeof MEASURES)[number]) => number | null): CodingCounts {
  const [sessions, added, removed, net, churned, commits, pullRequests] = MEASURES.map(value);
  return {
    sessions: sessions ?? null,
    lines_added: added ?? null,
    lines_removed: removed ?? null,
    net_lines: net ?? null,
    churned_lines: churned ?? null,
    commits: commits ?? null,
    pull_requests: pullRequests ?? null,
  };
}

const NO_COUNTS = eachMeasure(() => null);

async function terminalsOf(activity: Activity): Promise<CodingActivity["terminals"]> {
  const groups = await sumsOf(activity, { quantities: QUANTITIES, by: ["terminal"] });
  const isHidden = await hiddenIn(activity, "terminal");
  const all = groups.reduce((sum, group) => sum + (countIn(group, ["sessions"]) ?? 0), 0);
  return groups
    .map((group) => {
      const terminal = group.dims[0] ?? null;
      const counts = isHidden(terminal) ? NO_COUNTS : countsOf(group);
      return {
        terminal,
        interactive: terminal !== NON_INTERACTIVE,
        ...counts,
        shareOfSessions: isHidden(terminal) ? none("suppressed_for_privacy") : divided(counts.sessions, all),
      };
    })
    .sort((a, b) => (b.sessions ?? 0) - (a.sessions ?? 0) || ((a.terminal ?? "") < (b.terminal ?? "") ? -1 : 1));
}

async function populationsOf(activity: Activity): Promise<CodingActivity["populations"]> {
  const groups = await sumsOf(activity, { quantities: QUANTITIES, by: ["population"], population: "all" });
  return (["humans", "service", "unmapped"] as const).map((population) => {
    const group = groups.find(({ dims }) => dims[0] === population);
    return { population, ...(isUnknown(activity, group) ? NO_COUNTS : countsOf(group ?? NO_GROUP)) };
  });
}

export interface CodingByTeam extends ActivityFrame {
  readonly teams: readonly (CodingCounts & {
    readonly team: string | null;
    readonly activePeople: number | null;
    readonly personDays: number | null;
    readonly perActiveDay: Readonly<Record<"sessions" | "lines_added" | "commits" | "pull_requests", Figure>>;
    readonly reason?: ReasonCode;
  })[];
}

/** The same by the team that each person was in. Reads every row of the range, so it is a question of its own. */
export async function codingByTeamOf(activity: Activity): Promise<CodingByTeam> {
  const groups = await sumsOf(activity, { quantities: QUANTITIES, by: ["team"] });
  const people = await peopleByTeam(activity);
  const rows = groups.map((group) => {
    const team = group.dims[0] ?? null;
    const counts = countsOf(group);
    const { activePeople, personDays } = people.get(team) ?? NOBODY;
    const perDay = (value: number | null) => divided(value, personDays);
    return {
      team,
      ...counts,
      activePeople,
      personDays,
      perActiveDay: {
        sessions: perDay(counts.sessions),
        lines_added: perDay(counts.lines_added),
        commits: perDay(counts.commits),
        pull_requests: perDay(counts.pull_requests),
      },
    };
  });
  const isHidden = await hiddenIn(activity, "team");
  const reason = "suppressed_for_privacy" as const;
  const dash = none(reason);
  const perActiveDay = { sessions: dash, lines_added: dash, commits: dash, pull_requests: dash };
  const blank = { ...NO_COUNTS, activePeople: null, personDays: null, perActiveDay, reason };
  warnCaveats(activity);
  return {
    teams: rows
      .map((row) => (isHidden(row.team) ? { team: row.team, ...blank } : row))
      .sort(
        (a, b) => (b.sessions ?? -1) - (a.sessions ?? -1) || ((a.team ?? "\uffff") < (b.team ?? "\uffff") ? -1 : 1),
      ),
    ...activity.frame(),
  };
}

const NOBODY = { activePeople: 0, personDays: 0 };

/** Active people and person-days of each team. */
export async function peopleByTeam(
  activity: Activity,
): Promise<ReadonlyMap<string | null, { readonly activePeople: number; readonly personDays: number }>> {
  const { asking, span } = activity;
  const { where, population, activeRule: rule } = asking.resolved;
  const { groups } = await countPeople(asking, {
    organizations: asking.organizations,
    span,
    rule,
    population,
    by: [findDimension("team")],
    where,
    grain: null,
    only: null,
  });
  return new Map(groups.map((one) => [one.dims[0] ?? null, { activePeople: one.people, personDays: one.personDays }]));
}

function warnCaveats(activity: Activity): void {
  activity.warn(
    "lines_undercounted",
    "The report is known to count fewer lines than Claude Code shows on the machine. Lines are those of accepted edits: not those of merged code, and not those of tools that count typing too.",
  );
  activity.warn(
    "made_by_the_tool",
    "Commits and pull requests are those that Claude Code itself made; whether they were merged is not known.",
  );
}
