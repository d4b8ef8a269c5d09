import type { Output } from "../client/index.ts";
import { compact, rate, reasonText } from "../format/index.ts";
import { Card, DataTable, Empty, type DataColumn } from "../ui/index.ts";

type Saving = NonNullable<Output<"spend">["cacheSaving"]>;
type Row = Saving["models"][number];

const BANDS = { good: "good", fair: "fair", warn: "low" } as const;

const COLUMNS: readonly DataColumn<Row>[] = [
  { id: "model", title: "Model", value: ({ model }) => model ?? "No model" },
  {
    id: "rate",
    title: "Hit rate",
    unit: "ratio",
    value: ({ hitRate }) => hitRate,
    cell: ({ hitRate, band }) => (
      <span title={hitRate === null ? "No input was counted." : undefined}>
        {rate(hitRate)}
        {band !== null && <span className={band === "warn" ? "money-attention" : "quiet"}> {BANDS[band]}</span>}
      </span>
    ),
  },
  {
    id: "saving",
    title: "Saved",
    unit: "usd",
    bar: true,
    value: ({ savingUsd }) => savingUsd,
    reason: () => "The price list does not know this model.",
  },
];

/** What reading from the cache saved, less what writing to it cost, by model. */
export function CacheCard({
  saving,
  problem,
  dimmed,
}: {
  saving: Saving | null | undefined;
  problem: unknown;
  dimmed: boolean;
}) {
  return (
    <Card
      title="Saved by the cache"
      sentence={
        saving == null || saving.readSavingUsd === null
          ? "Input read from the cache costs a tenth of its price."
          : `${compact(saving.readSavingUsd, "usd")} by reads, less ${compact(saving.writeCostUsd, "usd")} for writes, at list price.`
      }
    >
      {saving === null || (saving !== undefined && saving.reason !== null) ? (
        <Empty
          why={
            saving === null
              ? "No source counts cached tokens under these filters."
              : reasonText(saving.reason ?? undefined)
          }
        />
      ) : (
        <DataTable
          label="Saved by the cache"
          rows={saving?.models}
          columns={COLUMNS}
          rowKey={({ model }) => String(model)}
          sort={{ id: "saving", desc: true }}
          problem={problem}
          dimmed={dimmed}
          pageSize={10}
          empty={<Empty why="No input tokens were counted in this range." />}
        />
      )}
      {saving != null && saving.unpriced.length > 0 && (
        <p className="small quiet">
          Left out, because the price list lacks some of their prices:{" "}
          {saving.unpriced
            .map(
              ({ model, serviceTier, tokens }) =>
                `${model ?? "no model"} ${serviceTier ?? ""} (${compact(tokens, "tokens")} tokens)`,
            )
            .join(", ")}
          .
        </p>
      )}
      {saving?.lifetimeAssumed === true && saving.models.length > 0 && (
        <p className="small quiet">
          The source does not tell lifetimes apart: every write counts as one of five minutes.
        </p>
      )}
    </Card>
  );
}
