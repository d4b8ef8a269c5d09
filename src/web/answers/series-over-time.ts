import type { OverTime } from "../charts/over-time.ts";
import { OTHER } from "../ui/colors.ts";
import type { Output } from "../client/index.ts";
import { labelOf } from "../format/index.ts";
import { overTime } from "./over-time.ts";

type SpendBy = Output<"spendBy">;
type Report = Output<"report">;

/** Members over time whose small ones the answer has put together already; null when it has none. */
export function seriesOverTime(
  { range, series, coverage, provisional }: SpendBy,
  { previous, note }: { readonly previous?: Report | undefined; readonly note?: string | undefined } = {},
): OverTime | null {
  if (series === null) return null;
  const { dimension, grain, unit, members } = series;
  const keptBack = { value: null, reason: "suppressed_for_privacy" } as const;
  // The rest is last and has no key; a missing value has none either, and is called otherwise.
  const names = members.map(({ key, name }, at) =>
    key === null && name === "other" && at === members.length - 1 ? OTHER : String(key),
  );
  const called = new Map(members.map(({ key, name }, at) => [names[at], key === null ? null : name]));
  const source = series.source.join(", ");
  const rows = series.points.flatMap(({ at, values, partial }) =>
    names.flatMap((name, place): Report["rows"] => {
      const value = values[place] ?? null;
      const point = { [dimension]: name, [grain]: at, ...(partial && { partial }), source };
      if (value !== null) return [{ ...point, value }];
      return members[place]?.total === null ? [{ ...point, ...keptBack }] : [];
    }),
  );
  return overTime(
    { title: "Spend", unit, range: { ...range, grain, timezone: "UTC" }, rows, coverage, provisional },
    {
      by: dimension,
      most: names.length,
      label: (name) => labelOf(called.get(name) ?? name, dimension),
      previous,
      note,
    },
  );
}
