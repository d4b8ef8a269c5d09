import { dayText, parseDay } from "../../../domain/index.ts";
import type { DailySums, DayRange, Question } from "../../../metrics/index.ts";
import { cents } from "../amount.ts";
import { anomaliesOf, FLOOR, WEEKS } from "../anomaly.ts";
import type { Anomaly } from "../anomaly.ts";
import { isAnswer, type Asker } from "../asking.ts";
import type { Check, Finding } from "../findings.ts";
import type { DayAmount } from "../forecast.ts";
import { completeDays } from "../reconcile.ts";
import { memberName, spokenDay, spokenUsd, spokenWeekday } from "../wording.ts";

const SERIES = ["team", "model_family", "person", "api_key"] as const;
/** There are many of these, and few of them spend much on any day. */
const MANY: ReadonlySet<string> = new Set(["person", "api_key"]);
const MOST = 5;

/** Days on which a series cost far more than on the same weekday of the weeks before. */
export const anomalies: Check = {
  id: "anomaly",
  title: "Unusual days",
  async look({ asker, range, filters }) {
    const found = await unusualDays(asker, range, filters);
    return typeof found === "string" ? found : found.slice(0, MOST);
  },
};

/** All of them, by what they cost beyond the usual, or in words why it cannot be told. Days that are not over are left out. */
export async function unusualDays(
  asker: Asker,
  range: DayRange,
  filters: Pick<Question, "where" | "kind" | "population">,
): Promise<Omit<Finding, "check" | "life">[] | string> {
  const first = parseDay(range.from);
  const from = dayText(Math.max(0, first - WEEKS * 7));
  const asked = { ...filters, metric: "cost", from, to: range.to };
  const whole = await asker.tryAsk({ ...asked, grain: "day" });
  if (!isAnswer(whole)) return whole.unavailable;
  const complete = completeDays(whole);
  if (complete.size < 5 * 7) return `${complete.size} complete days are held; five weeks are needed`;
  const found = anomaliesOf(seriesOf(complete), first).map((one) => ({ dimension: "", key: null as Text, ...one }));
  for (const dimension of SERIES) {
    // A pseudonym is another for each tenant, and says to nobody whose day it was.
    if (dimension === "person" && asker.scope.privacy.mode !== "named") continue;
    // What a key costs stands on the bill alone.
    const kind = dimension === "api_key" ? { kind: "net" as const } : {};
    const split = await asker.tryDailySums({
      ...asked,
      ...kind,
      of: dimension,
      ...(MANY.has(dimension) ? { reaching: { amount: FLOOR, from: first } } : {}),
    });
    if (!isAnswer(split)) continue;
    const members = membersOf(split, dimension === "api_key" ? await billedDays(asker, asked) : complete);
    // One member alone is the whole once more.
    if (members.length + split.leftOut < 2) continue;
    for (const { key, series } of members) {
      found.push(...anomaliesOf(series(), first).map((one) => ({ dimension, key, ...one })));
    }
  }
  return found.toSorted(byExcess).map(({ dimension, key, ...one }) => told(dimension, key, one));
}

async function billedDays(asker: Asker, asked: Question): Promise<Map<string, bigint>> {
  const billed = await asker.tryAsk({ ...asked, grain: "day", kind: "net" });
  return isAnswer(billed) ? completeDays(billed) : new Map();
}

type Text = string | null;

function told(dimension: string, key: Text, { day, amount, expected, times }: Anomaly) {
  const on = dayText(day);
  const name = dimension === "" ? "The organization" : memberName(dimension, key);
  const title = `${name} ${dimension !== "" && key === null ? "cost" : "spent"} ${spokenUsd(amount)} on ${spokenDay(day)}`;
  const where = dimension === "" ? [] : [{ dimension, value: key }];
  return {
    id: `anomaly:${dimension}:${key ?? ""}:${on}`,
    title,
    severity: times >= 10 ? ("high" as const) : ("medium" as const),
    amountUsd: cents(amount - expected),
    people: null,
    sentence: `${spokenWeekday(day)}s of the weeks before usually came to ${spokenUsd(expected)}: this one to ${spokenUsd(amount - expected)} more.`,
    evidence: [
      { label: "Spend of the day", value: cents(amount), unit: "usd" as const },
      { label: "Usual for the weekday", value: cents(expected), unit: "usd" as const },
      { label: "Deviations above the usual", value: Number.isFinite(times) ? times : null, unit: "count" as const },
    ],
    link: { page: "/spend", filters: { from: on, to: on, where } },
  };
}

function byExcess(a: Anomaly, b: Anomaly): number {
  const [one, other] = [a.amount - a.expected, b.amount - b.expected];
  return one < other ? 1 : one > other ? -1 : 0;
}

function seriesOf(days: ReadonlyMap<string, bigint>): DayAmount[] {
  return [...days].map(([day, amount]) => ({ day: parseDay(day), amount }));
}

/**
 * Those of whom a day is known that is complete for all, each with its series over such days. A series is made when it is
 * looked at: there may be thousands.
 */
function membersOf({ from, members }: DailySums, complete: ReadonlyMap<string, bigint>) {
  const days = new Set([...complete.keys()].map((day) => parseDay(day)));
  const isTold = (amount: bigint | null, at: number) => amount !== null && days.has(from + at);
  return members
    .filter(({ amounts }) => amounts.some(isTold))
    .map(({ key, amounts }) => ({
      key,
      series: () =>
        amounts.flatMap((amount, at): DayAmount[] =>
          amount !== null && isTold(amount, at) ? [{ day: from + at, amount }] : [],
        ),
    }));
}
