import { Button } from "@mantine/core";
import { useCallback, useMemo } from "react";
import { useLocation, useSearch } from "wouter";

import { Problem, useAnswer, useMe, type Output } from "../client/index.ts";
import { NARROWINGS as KNOWN, useFilters, useNames, type Narrowing } from "../filters/index.ts";
import { formatRange, inSentence } from "../format/index.ts";
import {
  fittingChoice,
  formatChoice,
  MOST_ROWS,
  parseChoice,
  pivotChart,
  PivotControls,
  pivotLabel,
  PivotTable,
  SavedViews,
  usePivot,
  type Choice,
} from "../pivot/index.ts";
import "../pivot/pivot.css";
import { Card, ChartCard, Computed, ErrorBox, Foot, Notice, Page } from "../ui/index.ts";
import { PageLoading } from "../ui/loading.tsx";

const NARROWINGS: readonly Narrowing[] = KNOWN.flatMap(({ name, dimension }) => (dimension === null ? [] : [name]));
const PATH = "/analytics";

/** Any metric by one or two dimensions, over time or not. */
export function AiAnalytics() {
  const described = useAnswer("describeMetrics", {});
  const { me, may } = useMe();
  const search = useSearch();
  const [, go] = useLocation();
  const mayName = me?.privacyMode !== "teams";
  const fitting = useMemo(
    () => described.data && fittingChoice(parseChoice(search), described.data.metrics, mayName),
    [described.data, search, mayName],
  );
  if (described.isError) {
    return (
      <Page title="AI Analytics" sentence={SENTENCE}>
        <ErrorBox thrown={described.error} onRetry={() => void described.refetch()} />
      </Page>
    );
  }
  if (described.data === undefined || fitting == null) return <PageLoading />;
  return (
    <Page
      title="AI Analytics"
      sentence={SENTENCE}
      filters={{ narrowings: NARROWINGS, kind: fitting.metric.hasKinds, grain: fitting.choice.overTime }}
      actions={may("own") ? <SavedViews page={PATH} /> : undefined}
    >
      <PivotControls
        choice={fitting.choice}
        described={described.data}
        dimensions={fitting.dimensions}
        onChange={(next) => go(`${PATH}?${formatChoice({ ...fitting.choice, ...next }, search)}`)}
      />
      <Shown {...fitting} described={described.data} />
    </Page>
  );
}

const SENTENCE = "Any metric, split by what it knows: a table to take apart, and a chart of it.";

function Shown({
  choice,
  metric,
  described,
}: NonNullable<ReturnType<typeof fittingChoice>> & { readonly described: Output<"describeMetrics"> }) {
  const { common, previous, kind, grain, days, change, narrowTo } = useFilters(NARROWINGS);
  const label = useLabels(choice);
  const used = usePivot({ choice, metric, common, previous, kind, grain, label });
  const { pivot, whole, problem, dimmed, retry, cutFrom } = used;
  const titleOf = useCallback(
    (id: string) => described.dimensions.find((one) => one.id === id)?.title ?? id,
    [described.dimensions],
  );
  const chart = useMemo(() => pivotChart(used, metric, choice.rows, label), [used, metric, choice.rows, label]);
  const by = [choice.rows, choice.columns].filter((one) => one !== null).map((one) => inSentence(titleOf(one)));
  const narrowing = KNOWN.find(({ dimension }) => dimension === choice.rows)?.name;
  const isMoney =
    problem instanceof Problem &&
    problem.code === "input.dimension_not_available" &&
    metric.hasKinds &&
    kind.kind !== "net";
  return (
    <>
      {isMoney ? (
        <Notice kind="note">
          {kindWord(kind.kind)} is not told by {by.join(" and ")}; billed cost may be.{" "}
          <Button size="xs" variant="default" onClick={() => change({ kind: "net" })}>
            Show billed cost
          </Button>
        </Notice>
      ) : (
        <>
          <ChartCard
            title={`${metric.title} by ${by.join(" and ")}`}
            sentence={metric.description}
            chart={problem === null ? chart : undefined}
            metrics={[metric.id]}
            source={whole?.source}
            problem={problem}
            onRetry={retry}
            dimmed={dimmed}
            onPick={
              chart?.kind === "bars" && narrowing !== undefined ? (name) => narrowTo(narrowing, [name]) : undefined
            }
            onPickSeries={
              narrowing === undefined ? undefined : (name) => name !== "other" && narrowTo(narrowing, [name])
            }
          />
          {problem === null && (
            <Card
              title="Table"
              sentence={`${formatRange(days.from, days.to)}, days in UTC${whole?.kind == null ? "" : `, ${whole.kind} cost`}. Totals are figures of their own, not sums of what is shown.`}
              tools={<Computed metrics={[metric.id]} source={whole?.source ?? []} />}
            >
              <PivotTable
                pivot={pivot}
                titleOf={titleOf}
                onPick={narrowing === undefined ? undefined : ({ names }) => narrowTo(narrowing, [names[0] ?? "null"])}
                dimmed={dimmed}
                problem={null}
                onRetry={retry}
              />
              {cutFrom !== null && (
                <p className="small quiet">
                  The {MOST_ROWS} largest of {cutFrom}. Narrow the page to see the others.
                </p>
              )}
              {pivot !== undefined && pivot.hiddenColumns > 0 && (
                <p className="small quiet">
                  {pivot.hiddenColumns} smaller {pivot.hiddenColumns === 1 ? "column is" : "columns are"} left out.
                </p>
              )}
            </Card>
          )}
        </>
      )}
      <Foot answers={[whole]} />
    </>
  );
}

function kindWord(kind: keyof typeof KINDS = "estimated"): string {
  return KINDS[kind];
}

const KINDS = {
  estimated: "Estimated cost",
  list: "List price",
  net: "Billed cost",
  notional: "Notional cost",
} as const;

/** What the values of both dimensions are called. */
function useLabels({ rows, columns }: Choice): (dimension: string, value: string) => string {
  const first = useNames(rows);
  const second = useNames(columns);
  return useCallback(
    (dimension, value) => {
      const name = dimension === rows ? first(value) : dimension === columns ? second(value) : value;
      return name === value || value === "null" ? pivotLabel(dimension, value) : name;
    },
    [rows, columns, first, second],
  );
}
