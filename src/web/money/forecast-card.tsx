import type { Output } from "../client/index.ts";
import { compact, exact, formatDay, formatRange, reasonText } from "../format/index.ts";
import { Card, Empty, FactRows, Skeleton } from "../ui/index.ts";

type Forecast = Output<"spend">["forecast"];

/** What the month will come to, of which days that is known already, and how it stands to the budget. */
export function ForecastCard({ forecast, failed }: { forecast: Forecast | undefined; failed: boolean }) {
  const month = forecast === undefined ? "This month" : formatDay(forecast.month.from.slice(0, 7));
  return (
    <Card title={`${month} as a whole`} sentence="Complete days as they were, the others as their weekday usually is.">
      {forecast === undefined ? (
        failed ? (
          <Empty why="There is no forecast." />
        ) : (
          <Skeleton height={180} />
        )
      ) : forecast.forecastUsd === null ? (
        <Empty why={forecast.reason === "not_collected_yet" ? TOO_FEW : reasonText(forecast.reason ?? undefined)} />
      ) : (
        <Known forecast={forecast} total={forecast.forecastUsd} />
      )}
    </Card>
  );
}

const TOO_FEW = "Seven complete days are needed for a forecast.";

function Known({ forecast, total }: { forecast: Forecast; total: string }) {
  const { actualUsd, expectedUsd, completeDays, remainingDays, interval, budgetUsd, overBudgetUsd, kind } = forecast;
  const scale = Math.max(Number(total), Number(interval?.highUsd ?? 0), Number(budgetUsd ?? 0)) || 1;
  const part = (usd: string | null) => `${(Number(usd ?? 0) / scale) * 100}%`;
  const isOver = overBudgetUsd !== null && Number(overBudgetUsd) > 0;
  return (
    <>
      <p className="big-figure" title={exact(total, "usd")}>
        {compact(total, "usd")} <span className="quiet">{kind}</span>
      </p>
      <div
        className="month-bar"
        role="img"
        aria-label={`${exact(actualUsd, "usd")} spent, ${exact(expectedUsd, "usd")} expected${
          budgetUsd === null ? "" : `, budget ${exact(budgetUsd, "usd")}`
        }`}
      >
        <span className="month-bar-actual" style={{ width: part(actualUsd) }} />
        <span className="month-bar-expected" style={{ left: part(actualUsd), width: part(expectedUsd) }} />
        {budgetUsd !== null && <span className="month-bar-budget" style={{ left: part(budgetUsd) }} />}
      </div>
      <FactRows of="figures" className="money-facts">
        <div>
          <dt>
            <span className="swatch month-swatch-actual" />
            Spent, {completeDays} complete {completeDays === 1 ? "day" : "days"}
          </dt>
          <dd>{exact(actualUsd, "usd")}</dd>
        </div>
        <div>
          <dt>
            <span className="swatch month-swatch-expected" />
            Expected, {remainingDays} {remainingDays === 1 ? "day" : "days"}
          </dt>
          <dd>{exact(expectedUsd, "usd")}</dd>
        </div>
        {interval !== null && (
          <div>
            <dt>Four months in five end between</dt>
            <dd>
              {exact(interval.lowUsd, "usd")} – {exact(interval.highUsd, "usd")}
            </dd>
          </div>
        )}
        {budgetUsd === null ? (
          <div>
            <dt>Budget</dt>
            <dd className="quiet">none set</dd>
          </div>
        ) : (
          <div>
            <dt>
              <span className="swatch month-swatch-budget" />
              Budget
            </dt>
            <dd>
              {exact(budgetUsd, "usd")}
              {overBudgetUsd !== null && (
                <span className={isOver ? "money-attention" : "quiet"}>
                  {" "}
                  · {exact(overBudgetUsd.replace("-", ""), "usd")} {isOver ? "over" : "left"}
                </span>
              )}
            </dd>
          </div>
        )}
        {forecast.budgetReachedOn !== null && (
          <div>
            <dt>Budget is used up on</dt>
            <dd>{formatDay(forecast.budgetReachedOn)}</dd>
          </div>
        )}
      </FactRows>
      <p className="small quiet" title={forecast.method}>
        {formatRange(forecast.month.from, forecast.month.to)}. Holidays and launches are not foreseen.
      </p>
    </>
  );
}
