import type { Output } from "../client/index.ts";
import { DASH, exact, rate, reasonText } from "../format/index.ts";
import { colorsOf } from "../ui/colors.ts";
import { ChartCard, Empty, FactRows } from "../ui/index.ts";
import { signed } from "./signed.ts";

type Reconciliation = Output<"spend">["reconciliation"];

const TITLES = { estimated: "Estimated", list: "List price", net: "Billed (net)", notional: "Notional" } as const;

/** The kinds of money side by side, where they differ, and why they may. */
export function KindsCard({
  found,
  problem,
  onRetry,
  dimmed,
}: {
  found: Reconciliation | undefined;
  problem: unknown;
  onRetry: () => void;
  dimmed: boolean;
}) {
  const colors = colorsOf(Object.keys(TITLES));
  const known = found?.kinds.filter(({ valueUsd, unavailable }) => unavailable === null && valueUsd !== null);
  return (
    <ChartCard
      title="Kinds of money"
      sentence="Side by side, never added: they count different use at different prices."
      chart={
        known && {
          kind: "bars",
          data: {
            unit: "usd",
            bars: known.map(({ kind, valueUsd }) => ({
              name: kind,
              label: TITLES[kind],
              value: valueUsd,
              color: colors.get(kind) ?? "var(--c-1)",
            })),
          },
        }
      }
      metrics={["cost"]}
      source={[...new Set(found?.kinds.flatMap(({ source }) => source))]}
      problem={found === undefined ? problem : null}
      onRetry={onRetry}
      dimmed={dimmed}
      empty={<Empty why="No kind of money was collected in this range." />}
    >
      {found !== undefined && <Differences found={found} />}
    </ChartCard>
  );
}

function Differences({ found: { kinds, comparisons, reasons } }: { found: Reconciliation }) {
  return (
    <>
      <FactRows of="figures" className="money-facts kinds-facts">
        {kinds
          .filter(({ valueUsd }) => valueUsd === null)
          .map(({ kind, unavailable, reason }) => (
            <div key={kind}>
              <dt>
                {TITLES[kind]} <span className="quiet small">{unavailable ?? reasonText(reason ?? undefined)}</span>
              </dt>
              <dd>{DASH}</dd>
            </div>
          ))}
        {comparisons.map(({ id, title, differenceUsd, relative, days, of }) => (
          <div key={id} className="money-facts-result">
            <dt>
              {title}{" "}
              <span className="quiet small">
                {of === "claude_code" ? "Claude Code, " : "all use, "}
                {days} {days === 1 ? "day" : "days"} that both tell
              </span>
            </dt>
            <dd>
              {signed(differenceUsd)}
              {relative !== null && <span className="quiet"> ({rate(relative)})</span>}
            </dd>
          </div>
        ))}
      </FactRows>
      <details className="money-why">
        <summary>What each counts{reasons.length > 0 && ", and why they differ"}</summary>
        <ul>
          {kinds.map(({ kind, meaning }) => (
            <li key={kind}>
              <b>{TITLES[kind]}</b>: {meaning}.
            </li>
          ))}
        </ul>
        {reasons.length > 0 && (
          <ul>
            {reasons.map(({ code, text, amountUsd }) => (
              <li key={code}>
                {text}
                {amountUsd !== null && <> {exact(amountUsd, "usd")}.</>}
              </li>
            ))}
          </ul>
        )}
      </details>
    </>
  );
}
