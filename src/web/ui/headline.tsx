import type { ReactNode } from "react";
import { Link } from "wouter";

import { changeOf, compact, exact, reasonText, toNumber, unitWords, type Unit, type Value } from "../format/index.ts";
import { asProblem, type Output } from "../client/index.ts";
import { Skeleton } from "./loading.tsx";
import { Sparkline } from "./sparkline.tsx";
import { StateDot } from "./state-dot.tsx";
import { stateOf, type DataState } from "./state-of.ts";
import { Tip } from "./tip.tsx";

export interface HeadlineProps {
  readonly label: string;
  readonly value: Value | undefined;
  readonly unit: Unit;
  /** Beside the label: the kind of money, the population, the rule. */
  readonly note?: string | undefined;
  /** Why the value is null: a reason code, or a sentence. */
  readonly reason?: string | undefined;
  /** Undefined: no comparison is shown. */
  readonly previous?: Value | undefined;
  /** Whether more is good. Money and counts are neither. */
  readonly good?: "more" | "less";
  readonly spark?: readonly Value[] | undefined;
  readonly state?: DataState | undefined;
  /** The page that explains it. */
  readonly href?: string;
  readonly dimmed?: boolean;
}

/** Three to five figures that a page is read for. */
export function HeadlineRow({ children }: { children: ReactNode }) {
  return <div className="headline-row">{children}</div>;
}

/** One figure: compact, exact on hover, against the period before, its shape, and how far it can be trusted. */
export function Headline(props: HeadlineProps) {
  const { label, value, unit, note, reason, previous, good, spark, state, href, dimmed } = props;
  if (value === undefined) {
    return (
      <div className="headline" aria-busy="true">
        <p className="headline-label">{label}</p>
        <Skeleton height={76} />
      </div>
    );
  }
  const change = previous === undefined ? null : changeOf(value, previous, unit);
  const tone =
    good === undefined || change === null || (change.direction !== "up" && change.direction !== "down")
      ? undefined
      : (change.direction === "up") === (good === "more")
        ? "good"
        : "attention";
  return (
    <div className="headline" data-dimmed={dimmed || undefined}>
      <p className="headline-label">
        {href === undefined ? label : <Link href={href}>{label}</Link>}
        {note !== undefined && <span className="quiet"> {note}</span>}
      </p>
      <div className="headline-figure">
        <Tip
          className="headline-value"
          says={
            value === null
              ? reasonText(reason)
              : `${exact(value, unit)}${unit === "ratio" || unit === "usd" ? "" : ` ${unitWords(unit)}`}`
          }
        >
          {compact(value, unit)}
          {value === null && <span className="visually-hidden">{reasonText(reason)}</span>}
        </Tip>
        {spark !== undefined && <Sparkline values={spark.map(toNumber)} />}
      </div>
      <div className="headline-below">
        {change !== null && (
          <span className="headline-change" data-tone={tone} title={change.exact}>
            {change.text}
          </span>
        )}
        {state !== undefined && <StateDot state={state} />}
      </div>
    </div>
  );
}

/** A figure as `summary` and `overview` answer it. */
export type Figure = Output<"summary">["metrics"][number];

/** The headline of such a figure; undefined while it loads. */
export function FigureHeadline({
  figure,
  problem,
  ...rest
}: Pick<HeadlineProps, "good" | "href" | "dimmed" | "note"> & {
  readonly figure: Figure | undefined;
  /** Why there will be none; told in full elsewhere on the page. */
  readonly problem?: unknown;
  /** Instead of the metric's own title. */
  readonly label: string;
  readonly unit: Unit;
}) {
  if (figure === undefined) {
    const failed = problem != null;
    return (
      <Headline {...rest} value={failed ? null : undefined} reason={failed ? asProblem(problem).message : undefined} />
    );
  }
  const { value, unit, kind, reason, unavailable, previous, sparkline, coverage, provisional } = figure;
  return (
    <Headline
      {...rest}
      unit={unit}
      value={value}
      note={kind ?? rest.note}
      reason={unavailable ?? reason ?? undefined}
      previous={previous === null ? undefined : previous.value}
      spark={sparkline?.points.map(({ value }) => value)}
      state={stateOf({ coverage, provisional })}
    />
  );
}
