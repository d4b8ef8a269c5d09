import type { OverTime } from "../charts/over-time.ts";
import { now, type Output } from "../client/index.ts";
import { dayOf } from "../format/index.ts";

type PersonPage = Output<"personUsage">;

/** What can be drawn of a person's days. Lines of code are not among them: they say little about anybody's work. */
export const DRAWN = {
  sessions: { label: "Sessions", unit: "sessions", metric: "sessions" },
  cost: { label: "Spend", unit: "usd", metric: "cost" },
  tokens: { label: "Tokens", unit: "tokens", metric: "tokens" },
} as const;

export type Drawn = keyof typeof DRAWN;

/** A person's days as a chart, beside those of the period before. Days that were not read are gaps. */
export function daysOfPerson(
  { daily, provisional, coverage, range }: PersonPage,
  drawn: Drawn,
  previous: PersonPage | undefined,
): OverTime {
  const { label, unit } = DRAWN[drawn];
  const valueOf = (day: PersonPage["daily"][number]) => (drawn === "cost" ? day.cost.estimated : day[drawn]);
  const restated = new Set(provisional);
  const today = dayOf(now());
  return {
    unit,
    ...(drawn === "cost" ? { note: "estimated" } : {}),
    grain: "day",
    buckets: daily.map(({ day }) => day),
    marks: daily.map(({ day, active }) => {
      if (active === null || coverage.missing.some(({ from, to }) => from <= day && day <= to)) return "missing";
      if (day === today && day === range.to) return "partial";
      return restated.has(day) ? "provisional" : "settled";
    }),
    series: [
      {
        name: drawn,
        label,
        color: "var(--c-1)",
        values: daily.map(valueOf),
      },
    ],
    ...(previous === undefined
      ? {}
      : { previous: { label: "Period before", values: previous.daily.slice(0, daily.length).map(valueOf) } }),
  };
}
