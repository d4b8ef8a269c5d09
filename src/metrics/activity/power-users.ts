import type { DayNumber, Span } from "../../domain/index.ts";
import { codesOfBits, dayOf } from "../bits.ts";
import type { Quantity } from "../facts.ts";
import type { ReasonCode } from "../types.ts";
import { defaultDenominator, eligibleDays } from "./eligible.ts";
import { divided, none } from "./figures.ts";
import type { Figure } from "./figures.ts";
import { daysOf, isWeekday } from "./frame.ts";
import type { Activity, ActivityFrame } from "./frame.ts";
import { isTooSmall } from "./hidden.ts";
import { personsOf } from "./people.ts";
import type { ActivePersons } from "./people.ts";
import { countIn, sumsOf } from "./sums.ts";

export type PowerMeasure = "tokens" | "accepted" | "active_days";

/** Fewer people cannot be parted into quarters. */
const LEAST_PEOPLE = 8;

const QUANTITIES: Readonly<Record<Exclude<PowerMeasure, "active_days">, readonly Quantity[]>> = {
  tokens: ["uncached_input", "output", "cache_read", "cache_creation"],
  accepted: ["accepted"],
};

export interface PowerUsers extends ActivityFrame {
  readonly definition: "percentile";
  readonly measure: PowerMeasure;
  readonly active: number | null;
  readonly reason?: ReasonCode;
  readonly bands: readonly {
    readonly id: "power" | "steady" | "opportunistic" | "inactive";
    readonly people: number | null;
    readonly share: Figure;
    readonly reason?: ReasonCode;
  }[];
  readonly absolute: { readonly people: number | null; readonly reason?: ReasonCode };
}

/** How unequal use is: people ranked by what they did in the range, in quarters; ties go up together. */
export async function powerUsersOf(activity: Activity, measure: PowerMeasure): Promise<PowerUsers> {
  const { span } = activity;
  const persons = await personsOf(activity, {
    from: Math.min(span.from, span.to - WORKING_WEEK_AND_MORE),
    to: span.to,
  });
  const amounts = (await amountsOf(activity, persons, measure)).filter((amount) => amount > 0).sort((a, b) => b - a);
  const absolute = await absoluteOf(activity, persons);
  const head = { definition: "percentile" as const, measure, absolute };
  if (amounts.length < LEAST_PEOPLE) {
    const reason = activity.lastComplete === null ? ("not_collected_yet" as const) : ("below_minimum_sample" as const);
    const bands = (["power", "steady", "opportunistic", "inactive"] as const).map((id) => ({
      id,
      people: null,
      share: none(reason),
      reason,
    }));
    return {
      ...head,
      active: activity.lastComplete === null ? null : amounts.length,
      reason,
      bands,
      ...activity.frame(),
    };
  }
  const atQuarter = (quarters: number) => amounts[Math.ceil((amounts.length * quarters) / 4) - 1]!;
  const [first, second] = [atQuarter(1), atQuarter(2)];
  const parts = [
    { id: "power" as const, own: amounts.filter((amount) => amount >= first) },
    { id: "steady" as const, own: amounts.filter((amount) => amount < first && amount >= second) },
    { id: "opportunistic" as const, own: amounts.filter((amount) => amount < second && amount < first) },
  ];
  const whole = sumOf(amounts);
  const isHidden = parts.some(({ own }) => isTooSmall(activity, own.length));
  const bands = parts.map(({ id, own }) => ({
    id,
    people: own.length,
    // What four people used is near what each of them did.
    share: isHidden ? none("suppressed_for_privacy") : divided(sumOf(own), whole),
  }));
  const inactive = await inactiveOf(activity, persons, amounts.length);
  return { ...head, active: amounts.length, bands: [...bands, inactive], ...activity.frame() };
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

/** What each person did, whoever they are. */
async function amountsOf(activity: Activity, { set }: ActivePersons, measure: PowerMeasure): Promise<number[]> {
  const { span } = activity;
  if (measure !== "active_days") {
    const groups = await sumsOf(activity, { quantities: QUANTITIES[measure], by: ["person"] });
    return groups.map((group) => countIn(group, QUANTITIES[measure]) ?? 0);
  }
  const days = new Map<number, number>();
  for (const day of daysOf(span)) {
    for (const code of codesOfBits(dayOf(set, day))) days.set(code, (days.get(code) ?? 0) + 1);
  }
  return [...days.values()];
}

async function inactiveOf(activity: Activity, persons: ActivePersons, active: number) {
  const place = { id: "inactive" as const, share: { value: 0 } };
  const denominator = defaultDenominator(activity, await activity.asking.identities());
  const eligible = await eligibleDays(activity, persons, denominator, activity.span);
  if (eligible === null || eligible.people.length === 0) {
    return { ...place, people: null, reason: "not_reported_by_source" as const };
  }
  return { ...place, people: Math.max(0, eligible.count(activity.span) - active) };
}

const WORKING_DAYS = 5;
/** Five working days stand in seven days, and the week in which something was made is of seven. */
const WORKING_WEEK_AND_MORE = 14;

/** Active on four of the last five working days, with a commit or a pull request in the last seven days. */
async function absoluteOf(activity: Activity, persons: ActivePersons): Promise<PowerUsers["absolute"]> {
  const last = activity.lastComplete;
  if (last === null) return { people: null, reason: "not_collected_yet" };
  const days: DayNumber[] = [];
  for (let day = last; days.length < WORKING_DAYS; day--) if (isWeekday(day)) days.push(day);
  const week: Span = { from: last - 6, to: last + 1 };
  if (!activity.isComplete({ from: Math.min(days.at(-1)!, week.from), to: last + 1 })) {
    return { people: null, reason: "not_collected_yet" };
  }
  const made = await sumsOf(activity, { quantities: ["commits", "pull_requests"], by: ["person"], span: week });
  const makers = new Set(
    made.filter((group) => (countIn(group, ["commits", "pull_requests"]) ?? 0) > 0).map(({ dims }) => dims[0]),
  );
  const names = await persons.names();
  const counts = new Map<number, number>();
  for (const day of days) {
    for (const code of codesOfBits(dayOf(persons.set, day))) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const often = [...counts].filter(([, count]) => count >= WORKING_DAYS - 1);
  return { people: often.filter(([code]) => makers.has(names.get(code) ?? null)).length };
}
