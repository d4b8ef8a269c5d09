import { SegmentedControl, Select } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useLocation, useSearch } from "wouter";

import { seriesOverTime } from "../answers/index.ts";
import { useAnswer, useMe, type Output } from "../client/index.ts";
import { conditionsOf, useFilters, type Narrowing } from "../filters/index.ts";
import { formatDay, formatRange, inSentence } from "../format/index.ts";
import {
  budgetLine,
  BudgetsCard,
  CacheCard,
  dimensionWord,
  ForecastCard,
  KindsCard,
  PricesCard,
  SpendTable,
  TokenTypesCard,
  WhoSpends,
} from "../money/index.ts";
import "../money/money.css";
import {
  Card,
  ChartCard,
  Column,
  Columns,
  ErrorBox,
  EvidenceButton,
  FigureHeadline,
  Foot,
  Headline,
  HeadlineRow,
  Page,
} from "../ui/index.ts";

const NARROWINGS: readonly Narrowing[] = ["organization", "team", "person", "family", "model", "workspace", "terminal"];

/** What the money can be split by, and the filter that a click sets. */
const SPLITS = [
  { by: "model_family", name: "family" },
  { by: "model", name: "model" },
  { by: "workspace", name: "workspace" },
  { by: "api_key", name: "key" },
  { by: "team", name: "team" },
  { by: "person", name: "person" },
] as const;

type Split = (typeof SPLITS)[number];

/** What Claude costs, for what, for whom, and what it will come to. */
export function Spend() {
  const { common, previous, compared, kind, grain, days, filters, narrowTo, change } = useFilters(NARROWINGS);
  const { me } = useMe();
  const [split, setSplit] = useSplit();
  const summary = useAnswer(
    "summary",
    common && { metrics: ["cost", "cost:net", "cost_per_active_user"], ...common, ...compared, ...kind },
  );
  const found = useAnswer("spendBy", common && { by: split.by, grain, ...common, ...compared, ...kind });
  const table = found.data?.table;
  const before = useAnswer(
    "report",
    previous && table && table.unavailable === null
      ? { metric: table.metric, grain, ...previous, ...(table.kind === null ? {} : { kind: table.kind }) }
      : null,
  );
  // Everything else takes its time: the page is read meanwhile.
  const spend = useAnswer("spend", common && { ...common, ...compared, ...kind });
  const budgets = useAnswer("listBudgets", {});

  const { data } = spend;
  const retry = () => void spend.refetch();
  const dimmed = spend.isPlaceholderData;
  const figures = summary.data?.metrics ?? [];
  // Of a part of the people there is no budget.
  const isWhole = filters.population === null;
  const narrowed = conditionsOf(filters);
  const drawn =
    found.data &&
    seriesOverTime(found.data, { previous: previous === null ? undefined : before.data, note: noteOf(table) });
  const level =
    table?.unit === "usd"
      ? budgetLine(budgets.data?.budgets, isWhole ? narrowed : null, table.kind ?? "estimated", grain, days.to)
      : undefined;
  const pick = pickOf(table, narrowTo);
  const mayNamePeople = me?.privacyMode !== "teams";

  return (
    <Page
      title="Spend"
      sentence="What Claude costs, for what and for whom, and how the kinds of money differ."
      filters={{ narrowings: NARROWINGS, kind: true, grain: true }}
      actions={common && <EvidenceButton about={{ about: "report", metric: "cost", grain, ...common, ...kind }} />}
      foot={<Foot answers={[found.data && { ...found.data, metric: "cost", source: table?.source ?? [] }]} />}
    >
      {summary.isError && <ErrorBox thrown={summary.error} onRetry={() => void summary.refetch()} />}
      <HeadlineRow>
        <FigureHeadline
          label="Spend"
          unit="usd"
          figure={figures[0]}
          problem={summary.error}
          dimmed={summary.isPlaceholderData}
        />
        {kind.kind !== "net" && (
          <FigureHeadline
            label="Billed"
            unit="usd"
            figure={figures[1]}
            problem={summary.error}
            dimmed={summary.isPlaceholderData}
          />
        )}
        <FigureHeadline
          label="Per spender"
          unit="usd"
          figure={figures[2]}
          problem={summary.error}
          dimmed={summary.isPlaceholderData}
        />
        <Headline
          label="Cache saving"
          note="list price"
          unit="usd"
          value={spend.isError ? null : data && (data.cacheSaving?.savingUsd ?? null)}
          reason={data?.cacheSaving?.reason ?? "No source counts cached tokens under these filters."}
          dimmed={dimmed}
        />
        <Headline
          label="Forecast"
          note={data && formatDay(data.forecast.month.from.slice(0, 7))}
          unit="usd"
          value={spend.isError ? null : data?.forecast.forecastUsd}
          reason={data?.forecast.reason ?? undefined}
          dimmed={dimmed}
        />
      </HeadlineRow>

      <ChartCard
        title={`Spend by ${inSentence(dimensionWord(split.by))}`}
        sentence={sentenceOf(table, kind.kind)}
        controls={<SplitControl value={split} onChange={setSplit} people={mayNamePeople} />}
        chart={
          drawn == null ? undefined : { kind: "stackedBars", data: level === undefined ? drawn : { ...drawn, level } }
        }
        metrics={[table?.metric ?? "cost"]}
        source={table?.source}
        problem={found.error}
        onRetry={() => void found.refetch()}
        dimmed={found.isPlaceholderData}
        onPick={grain === "day" ? (day) => change({ range: { from: day, to: day } }) : undefined}
        onPickSeries={table === undefined ? undefined : (name) => pick?.({ key: name === "null" ? null : name })}
        height={320}
      />
      <Card
        title="In full"
        sentence={`${formatRange(days.from, days.to)}. ${pick === undefined ? "" : "Pick one to see it alone."}`}
      >
        <SpendTable
          label={`Spend by ${inSentence(dimensionWord(split.by))}`}
          table={table}
          onPick={pick}
          problem={found.error}
          onRetry={() => void found.refetch()}
          dimmed={found.isPlaceholderData}
        />
      </Card>

      <BudgetsCard />

      {spend.isError && <ErrorBox thrown={spend.error} onRetry={retry} />}
      <Columns>
        <Column span={7}>
          <KindsCard found={data?.reconciliation} problem={spend.error} onRetry={retry} dimmed={dimmed} />
        </Column>
        <Column span={5}>
          <ForecastCard forecast={data?.forecast} failed={spend.isError} />
        </Column>
        <Column span={6}>
          <CacheCard saving={data?.cacheSaving} problem={spend.error} dimmed={dimmed} />
        </Column>
        <Column span={6}>
          <PricesCard
            prices={data?.effectivePrices}
            premium={data?.premiumShare}
            problem={spend.error}
            dimmed={dimmed}
          />
        </Column>
        <Column span={7}>
          <TokenTypesCard rows={data?.tokenTypes} problem={spend.error} dimmed={dimmed} />
        </Column>
        <Column span={5}>
          <WhoSpends spend={data} failed={spend.isError} />
        </Column>
      </Columns>
    </Page>
  );
}

function SplitControl({ value, onChange, people }: { value: Split; onChange: (by: string) => void; people: boolean }) {
  const isNarrow = useMediaQuery("(max-width: 900px)");
  const data = SPLITS.filter(({ by }) => by !== "person" || people).map(({ by }) => ({
    value: by,
    label: dimensionWord(by),
  }));
  return isNarrow ? (
    <Select
      size="xs"
      aria-label="Split by"
      value={value.by}
      onChange={(by) => by && onChange(by)}
      data={data}
      allowDeselect={false}
    />
  ) : (
    <SegmentedControl size="xs" aria-label="Split by" value={value.by} onChange={onChange} data={data} />
  );
}

/** What the page is split by stands in the address, as filters do. */
function useSplit(): [Split, (by: string) => void] {
  const search = useSearch();
  const [path, go] = useLocation();
  const params = new URLSearchParams(search);
  const split = SPLITS.find(({ by }) => by === params.get("by")) ?? SPLITS[0];
  const choose = (by: string) => {
    if (by === SPLITS[0].by) params.delete("by");
    else params.set("by", by);
    const query = params.toString();
    go(query === "" ? path : `${path}?${query}`);
  };
  return [split, choose];
}

/** A click narrows the page, where the table's dimension is a filter. */
function pickOf(
  table: Output<"spendBy">["table"] | undefined,
  narrowTo: (name: Narrowing, values: readonly string[]) => void,
): ((row: { readonly key: string | null }) => void) | undefined {
  const name = SPLITS.find(({ by }) => by === table?.dimension)?.name;
  if (name === undefined || !NARROWINGS.includes(name)) return undefined;
  return ({ key }) => {
    if (key !== "other") narrowTo(name, [String(key)]);
  };
}

function noteOf(table: Output<"spendBy">["table"] | undefined): string | undefined {
  return table?.kind ?? undefined;
}

/** Said when the asked kind of money is not told by this dimension. */
function sentenceOf(table: Output<"spendBy">["table"] | undefined, asked = "estimated"): string | undefined {
  if (table === undefined || table.unavailable !== null) return undefined;
  if (table.kind === null) return "No source tells money by this; these are tokens.";
  if (table.kind === asked) return undefined;
  return `The ${asked} cost is not told by this; this is the ${table.kind} cost, of all use.`;
}
