import type { Output } from "../client/index.ts";
import { labelOf, rate } from "../format/index.ts";
import { Card, DataTable, Empty, type DataColumn } from "../ui/index.ts";

type Spend = Output<"spend">;
type Row = Spend["effectivePrices"][number];

const COLUMNS: readonly DataColumn<Row>[] = [
  { id: "model", title: "Model", value: ({ model }) => model ?? "No model" },
  {
    id: "tokens",
    title: "Tokens",
    unit: "tokens",
    value: ({ tokens }) => tokens,
    reason: () => "suppressed_for_privacy",
  },
  {
    id: "price",
    title: "Per million tokens",
    unit: "usd",
    bar: true,
    value: ({ perMillionUsd }) => perMillionUsd,
    reason: ({ tokens }) => (tokens === null ? "suppressed_for_privacy" : "zero_denominator"),
  },
];

/** What a million tokens of each model came to, all kinds of tokens together. */
export function PricesCard({
  prices,
  premium,
  problem,
  dimmed,
}: {
  prices: readonly Row[] | undefined;
  premium: Spend["premiumShare"] | undefined;
  problem: unknown;
  dimmed: boolean;
}) {
  return (
    <Card
      title="What a million tokens came to"
      sentence={
        premium == null || premium.share === null
          ? "Spend over tokens of the same use, all kinds of tokens together."
          : `${rate(premium.share)} of the spend went to ${labelOf(premium.family, "model_family")}, the dearest family in use.`
      }
    >
      <DataTable
        label="What a million tokens came to"
        rows={prices}
        columns={COLUMNS}
        rowKey={({ model }) => String(model)}
        sort={{ id: "price", desc: true }}
        problem={problem}
        dimmed={dimmed}
        pageSize={10}
        empty={<Empty why="No price can be told: the source counts no tokens, or too few people stand behind them." />}
      />
    </Card>
  );
}
