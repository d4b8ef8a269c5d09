import type { Span } from "../../domain/index.ts";
import { rollingCounts } from "../bits.ts";
import type { Quantity } from "../facts.ts";
import { totalOf } from "../sums.ts";
import type { Group } from "../tally.ts";
import type { Grain, ReasonCode } from "../types.ts";
import type { DayState } from "./active-users.ts";
import { NON_INTERACTIVE, over, peopleByTeam } from "./coding.ts";
import { compare, divided, figure, none } from "./figures.ts";
import type { Compared, Figure } from "./figures.ts";
import type { Activity, ActivityFrame } from "./frame.ts";
import { hiddenIn } from "./hidden.ts";
import { personsOf } from "./people.ts";
import type { ActivePersons } from "./people.ts";
import { countIn, isUnknown, NO_GROUP, readBuckets, sumsOf, totalIn } from "./sums.ts";

const QUANTITIES: readonly Quantity[] = ["accepted", "rejected"];
/** Below this many decisions one of them moves the rate by five points. */
const DECISIONS_FLOOR = 20;

export interface Decisions {
  readonly accepted: number | null;
  readonly rejected: number | null;
  readonly decisions: number | null;
  readonly acceptRate: Figure;
}

export interface Actions extends ActivityFrame {
  readonly grain: Grain;
  readonly total: Readonly<
    Record<"accepted" | "rejected" | "decisions" | "acceptRate" | "acceptedPerActiveDay", Compared>
  > & { readonly averagePerBucket: Figure };
  readonly tools: readonly (Decisions & { readonly tool: string | null; readonly previousAcceptRate: Figure })[];
  readonly series: readonly (Decisions & {
    readonly bucket: string;
    readonly reason?: ReasonCode;
    readonly state: DayState;
    readonly provisional: boolean;
  })[];
  readonly toolSeries: readonly (Decisions & { readonly tool: string | null; readonly bucket: string })[];
  readonly populations: readonly (Decisions & { readonly population: "humans" | "service" | "unmapped" })[];
  readonly terminals: readonly (Decisions & { readonly kind: "interactive" | "non_interactive" })[];
}

/** Edit decisions: how many, by which tool, how many of them accepted, and who made them. */
export async function actionsOf(activity: Activity, grain: Grain): Promise<Actions> {
  const { span, previous } = activity;
  const persons = await personsOf(activity, { from: previous.from, to: span.to });
  const byTool = await sumsOf(activity, { quantities: QUANTITIES, by: ["tool"], grain });
  const before = activity.isComplete(previous)
    ? await sumsOf(activity, { quantities: QUANTITIES, by: ["tool"], span: previous })
    : null;
  warnCaveats(activity);
  const isHidden = await hiddenIn(activity, "tool");
  return {
    grain,
    total: totalsOf(activity, persons, byTool, before, grain),
    tools: toolsOf(byTool, before, isHidden),
    series: seriesOf(activity, byTool, grain),
    // A tool of few people stands in no single bucket either.
    toolSeries: toolSeriesOf(activity, byTool, grain).filter(({ tool }) => !isHidden(tool)),
    populations: await populationsOf(activity),
    terminals: await terminalsOf(activity),
    ...activity.frame(),
  };
}

function totalsOf(
  activity: Activity,
  persons: ActivePersons,
  now: readonly Group[],
  before: readonly Group[] | null,
  grain: Grain,
): Actions["total"] {
  const missing = none("not_collected_yet");
  const against = (of: (groups: readonly Group[], days: Span) => Figure, kind: "relative" | "points" = "relative") =>
    compare(of(now, activity.span), before ? of(before, activity.previous) : missing, kind);
  const accepted = (groups: readonly Group[]) => totalIn(activity, groups, ["accepted"]);
  const decisions = (groups: readonly Group[]) => totalIn(activity, groups, QUANTITIES);
  const buckets = readBuckets(activity, grain).filter(({ state }) => state === "complete");
  const inBuckets = new Set(buckets.map(({ bucket }) => bucket));
  const counted = totalOf(now.filter(({ bucket }) => inBuckets.has(bucket!)));
  return {
    accepted: against(accepted),
    rejected: against((groups) => totalIn(activity, groups, ["rejected"])),
    decisions: against(decisions),
    acceptRate: against((groups) => over(accepted(groups), decisions(groups), DECISIONS_FLOOR), "points"),
    acceptedPerActiveDay: against((groups, days) => over(accepted(groups), personDays(persons, days))),
    averagePerBucket: buckets.length === 0 ? missing : divided(countIn(counted, QUANTITIES), buckets.length),
  };
}

function personDays({ set }: ActivePersons, { from, to }: Span): Figure {
  const daily = rollingCounts(set, 1).slice(from - set.from, to - set.from);
  return figure(daily.reduce((sum, count) => sum + count, 0));
}

function decisionsOf(group: Group): Decisions {
  const accepted = countIn(group, ["accepted"]);
  const decisions = countIn(group, QUANTITIES);
  const acceptRate = divided(accepted, decisions, DECISIONS_FLOOR);
  return { accepted, rejected: countIn(group, ["rejected"]), decisions, acceptRate };
}

const NO_DECISIONS = { accepted: null, rejected: null, decisions: null };
const UNKNOWN: Decisions = { ...NO_DECISIONS, acceptRate: none("not_collected_yet") };

function groupedByTool(groups: readonly Group[]): Map<string | null, Group> {
  const byTool = Map.groupBy(groups, ({ dims }) => dims[0] ?? null);
  return new Map([...byTool].map(([tool, own]) => [tool, totalOf(own)]));
}

function toolsOf(
  now: readonly Group[],
  before: readonly Group[] | null,
  isHidden: (tool: string | null) => boolean,
): Actions["tools"] {
  const dash = none("suppressed_for_privacy");
  const past = before ? groupedByTool(before) : null;
  return [...groupedByTool(now)]
    .map(([tool, group]) => ({
      tool,
      ...(isHidden(tool) ? { ...NO_DECISIONS, acceptRate: dash } : decisionsOf(group)),
      previousAcceptRate: isHidden(tool)
        ? dash
        : past
          ? decisionsOf(past.get(tool) ?? NO_GROUP).acceptRate
          : none("not_collected_yet"),
    }))
    .sort((a, b) => (b.decisions ?? 0) - (a.decisions ?? 0) || ((a.tool ?? "") < (b.tool ?? "") ? -1 : 1));
}

function seriesOf(activity: Activity, groups: readonly Group[], grain: Grain): Actions["series"] {
  const byBucket = Map.groupBy(groups, ({ bucket }) => bucket);
  return readBuckets(activity, grain).map(({ bucket, text, state, provisional }) => {
    const own = byBucket.get(bucket);
    const place = { bucket: text, state, provisional };
    if (own || state !== "missing") return { ...place, ...decisionsOf(own ? totalOf(own) : NO_GROUP) };
    const reason = "not_collected_yet" as const;
    return { ...place, ...NO_DECISIONS, acceptRate: none(reason), reason };
  });
}

function toolSeriesOf(activity: Activity, groups: readonly Group[], grain: Grain): Actions["toolSeries"] {
  const texts = new Map(readBuckets(activity, grain).map(({ bucket, text }) => [bucket, text]));
  return groups
    .toSorted((a, b) => a.bucket! - b.bucket! || ((a.dims[0] ?? "") < (b.dims[0] ?? "") ? -1 : 1))
    .map((group) => ({ tool: group.dims[0] ?? null, bucket: texts.get(group.bucket!)!, ...decisionsOf(group) }));
}

async function populationsOf(activity: Activity): Promise<Actions["populations"]> {
  const groups = await sumsOf(activity, { quantities: QUANTITIES, by: ["population"], population: "all" });
  return (["humans", "service", "unmapped"] as const).map((population) => {
    const group = groups.find(({ dims }) => dims[0] === population);
    return { population, ...(isUnknown(activity, group) ? UNKNOWN : decisionsOf(group ?? NO_GROUP)) };
  });
}

async function terminalsOf(activity: Activity): Promise<Actions["terminals"]> {
  const groups = await sumsOf(activity, { quantities: QUANTITIES, by: ["terminal"] });
  const isInteractive = ({ dims }: Group) => dims[0] !== NON_INTERACTIVE;
  const of = (own: readonly Group[]) => (isUnknown(activity, own[0]) ? UNKNOWN : decisionsOf(totalOf(own)));
  return [
    { kind: "interactive", ...of(groups.filter(isInteractive)) },
    { kind: "non_interactive", ...of(groups.filter((group) => !isInteractive(group))) },
  ];
}

export interface ActionsByTeam extends ActivityFrame {
  readonly teams: readonly (Decisions & {
    readonly team: string | null;
    readonly activePeople: number | null;
    readonly personDays: number | null;
    readonly acceptedPerActiveDay: Figure;
    readonly reason?: ReasonCode;
  })[];
}

/** The same by team. Reads every row of the range, so it is a question of its own. */
export async function actionsByTeamOf(activity: Activity): Promise<ActionsByTeam> {
  const groups = await sumsOf(activity, { quantities: QUANTITIES, by: ["team"] });
  const people = await peopleByTeam(activity);
  const rows = groups.map((group) => {
    const team = group.dims[0] ?? null;
    const own = decisionsOf(group);
    const { activePeople, personDays: days } = people.get(team) ?? { activePeople: 0, personDays: 0 };
    return { team, ...own, activePeople, personDays: days, acceptedPerActiveDay: divided(own.accepted, days) };
  });
  const isHidden = await hiddenIn(activity, "team");
  const reason = "suppressed_for_privacy" as const;
  const dash = none(reason);
  const blank = { ...NO_DECISIONS, acceptRate: dash, activePeople: null, personDays: null, acceptedPerActiveDay: dash };
  warnCaveats(activity);
  return {
    teams: rows
      .map((row) => (isHidden(row.team) ? { team: row.team, ...blank, reason } : row))
      .sort(
        (a, b) => (b.decisions ?? -1) - (a.decisions ?? -1) || ((a.team ?? "\uffff") < (b.team ?? "\uffff") ? -1 : 1),
      ),
    ...activity.frame(),
  };
}

function warnCaveats(activity: Activity): void {
  activity.warn(
    "edit_decisions",
    "These are decisions on proposed edits, also those of automatic acceptance. They compare with no other tool's accepted suggestions.",
  );
}
