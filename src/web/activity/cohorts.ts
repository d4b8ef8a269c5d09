import type { Heat } from "../charts/heat-map.ts";
import type { Output } from "../client/index.ts";
import { formatDay, formatDayShort } from "../format/index.ts";

type Retention = Output<"retention">;

const EXISTING = "existing";

/** Who began together, and how many of them came again: a row for each cohort, a column for each week after. */
export function cohortHeat({ cohorts, existing, grain }: Retention): Heat {
  const begun = cohorts.filter(({ size }) => size !== 0);
  const rows = [
    ...(existing === null || existing.size === 0
      ? []
      : [{ name: EXISTING, label: sized("Earlier", existing.size), title: "Active before", cells: existing.cells }]),
    ...begun.map(({ cohort, size, cells }) => ({
      name: cohort,
      label: sized(grain === "week" ? formatDayShort(cohort) : formatDay(cohort), size),
      title: `Began ${grain === "week" ? `in the week of ${formatDay(cohort)}` : `in ${formatDay(cohort)}`}`,
      cells,
    })),
  ];
  const shown = rows.flatMap(({ name, title, cells }) =>
    // Weeks that are not over stay blank; what is hidden is hatched.
    cells
      .filter(({ rate, reason }) => rate !== null || reason === "suppressed_for_privacy")
      .map(({ k, period, rate, active }) => ({
        row: name,
        column: String(k),
        value: rate,
        title: `${title}: ${active ?? "—"} active ${grain === "week" ? `in the week of ${formatDay(period)}` : `in ${formatDay(period)}`}`,
      })),
  );
  const most = Math.max(-1, ...shown.map(({ column }) => Number(column)));
  return {
    unit: "ratio",
    note: `of the cohort, by ${grain}s since its first`,
    rows: rows.map(({ name, label }) => ({ name, label })),
    columns: Array.from({ length: most + 1 }, (_, k) => ({ name: String(k), label: k === 0 ? "First" : `+${k}` })),
    cells: shown,
    written: true,
    most: 1,
  };
}

function sized(name: string, size: number | null): string {
  return size === null ? name : `${name} (${size})`;
}
