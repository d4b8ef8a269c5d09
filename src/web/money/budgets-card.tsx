import { useAnswer, type Output } from "../client/index.ts";
import { formatRange, reasonText } from "../format/index.ts";
import { Card, DataTable, ErrorBox, Pill, type DataColumn } from "../ui/index.ts";
import { ABOUT } from "./budget-columns.tsx";

type Budget = Output<"listBudgets">["budgets"][number];

const COLUMNS: readonly DataColumn<Budget>[] = [
  { id: "name", title: "Budget", value: ({ name }) => name },
  ABOUT,
  {
    id: "days",
    title: "Days",
    value: ({ from }) => from,
    cell: ({ from, to }) => <span className="day">{formatRange(from, to)}</span>,
  },
  {
    id: "spent",
    title: "Spent",
    unit: "usd",
    value: ({ spentUsd }) => spentUsd,
    reason: ({ missing, unavailable, reason }) => missing ?? unavailable ?? reasonText(reason ?? undefined),
  },
  { id: "amount", title: "Amount", unit: "usd", value: ({ amountUsd }) => amountUsd },
  { id: "share", title: "Share", unit: "ratio", value: ({ share }) => share },
  { id: "forecast", title: "Forecast", unit: "usd", value: ({ forecastUsd }) => forecastUsd },
  { id: "kind", title: "Kind", value: ({ kind }) => kind },
  {
    id: "state",
    title: "State",
    value: stateOf,
    cell: (budget) => <Pill tone={toneOf(budget)}>{stateOf(budget)}</Pill>,
  },
];

/** How every budget stands in its present day, week or month; nothing where none is set. */
export function BudgetsCard() {
  const { data, isError, error, refetch } = useAnswer("listBudgets", {});
  if (isError) return <ErrorBox thrown={error} onRetry={() => void refetch()} />;
  if (data === undefined || data.budgets.length === 0) return null;
  return (
    <Card title="Budgets" sentence="Of the present day, week or month, whatever the range of the page. Days are UTC.">
      <DataTable label="Budgets" rows={data.budgets} columns={COLUMNS} rowKey={({ id }) => id} />
    </Card>
  );
}

function stateOf({ share, crossed, forecastCrosses, missing }: Budget): string {
  if (missing !== null) return "no longer there";
  if (share === null) return "not told";
  if (share >= 1) return "used up";
  if ((forecastCrosses ?? 0) >= 100) return "will not last";
  return crossed === null ? "below every threshold" : `above ${crossed}%`;
}

function toneOf({ share, crossed, forecastCrosses, missing }: Budget) {
  if (missing !== null) return "attention";
  if (share === null) return undefined;
  if (share >= 1) return "bad";
  return (crossed ?? 0) >= 90 || (forecastCrosses ?? 0) >= 100 ? "attention" : "good";
}
