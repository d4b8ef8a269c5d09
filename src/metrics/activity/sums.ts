import type { DayNumber, Population, Span } from "../../domain/index.ts";
import { bucketsOf, bucketText } from "../buckets.ts";
import { chooseSources } from "../choose.ts";
import { findDimension } from "../dimensions.ts";
import { addedUp } from "../evaluate.ts";
import type { Quantity } from "../facts.ts";
import { hasRows, isUncollected } from "../rows.ts";
import { sum, totalOf } from "../sums.ts";
import type { Group } from "../tally.ts";
import type { Grain } from "../types.ts";
import type { DayState } from "./active-users.ts";
import { figure, none } from "./figures.ts";
import type { Figure } from "./figures.ts";
import type { Activity } from "./frame.ts";

export interface SumsAsked {
  readonly quantities: readonly Quantity[];
  readonly by?: readonly string[];
  readonly grain?: Grain;
  readonly span?: Span;
  readonly population?: Population;
}

/** Sums of several quantities in one pass, narrowed as the question is. */
export async function sumsOf(activity: Activity, asked: SumsAsked): Promise<readonly Group[]> {
  const { asking } = activity;
  const { where } = asking.resolved;
  const population = asked.population ?? asking.resolved.population;
  const by = (asked.by ?? []).map((id) => findDimension(id));
  const span = asked.span ?? activity.span;
  const { quantities } = asked;
  const dimensions = where.map(({ dimension }) => dimension);
  const needs = { quantities, by, where: dimensions, population: population !== "all" };
  const choices = await chooseSources(asking, needs, span);
  const { groups } = await sum(asking, choices, {
    quantities,
    by,
    where,
    population,
    grain: asked.grain ?? null,
    span,
  });
  return groups;
}

/** A count of a group; no row is a real 0 where days were read. */
export function countIn(group: Group, plus: readonly Quantity[], minus: readonly Quantity[] = []): number | null {
  const gained = addedUp(group, plus);
  const lost = addedUp(group, minus);
  return gained === null || lost === null ? null : Number(gained - lost);
}

/** The total of a span: null where nothing of it was read, or where no row says. */
export function totalIn(
  activity: Activity,
  groups: readonly Group[],
  plus: readonly Quantity[],
  minus: readonly Quantity[] = [],
): Figure {
  const total = totalOf(groups);
  if (isUncollected(activity.range) && !hasRows(total)) return none("not_collected_yet");
  const value = countIn(total, plus, minus);
  return value === null ? none("not_reported_by_source") : figure(value);
}

/** A bucket of the range, as far as it was read. */
export interface ReadBucket {
  readonly bucket: DayNumber;
  readonly text: string;
  readonly days: Span;
  readonly state: DayState;
  readonly provisional: boolean;
}

export function readBuckets(activity: Activity, grain: Grain): ReadBucket[] {
  return bucketsOf(activity.span, grain).map(({ bucket, days }) => {
    const states = new Set<DayState>();
    let provisional = false;
    for (let day = days.from; day < days.to; day++) {
      states.add(activity.stateOf(day));
      provisional ||= activity.coverages.some((one) => one.days.get(day)?.provisional === true);
    }
    const state = states.size === 1 ? [...states][0]! : "partial";
    return { bucket, text: bucketText(bucket, grain), days, state, provisional };
  });
}

/** Whether nothing was read and nothing is there: a group without a row is unknown then, and not 0. */
export function isUnknown(activity: Activity, group: Group | undefined): boolean {
  return isUncollected(activity.range) && (group === undefined || !hasRows(group));
}

export const NO_GROUP: Group = { dims: [], bucket: null, source: "", values: new Map(), mixed: false };
