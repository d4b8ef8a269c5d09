import { useAnswer, type Output } from "../client/index.ts";
import { daysIn, useFilters, type Common, type Narrowing } from "../filters/index.ts";
import { formatRange } from "../format/index.ts";
import { FindingCard } from "../money/index.ts";
import "../money/money.css";
import { Card, Empty, ErrorBox, Foot, Page, Skeleton } from "../ui/index.ts";

const NARROWINGS: readonly Narrowing[] = ["organization", "team", "family", "model", "terminal"];

type Insights = Output<"listInsights">;

/** What is worth a look, the most money first, with the figures that say so; and what was looked at in vain. */
export function AiInsights() {
  const { common, kind, days } = useFilters(NARROWINGS);
  const insights = useAnswer("listInsights", common && { ...ofRange(common), ...kind });
  const cost = useAnswer("report", common && { metric: "cost", ...common, ...kind });
  const { data } = insights;
  const titles = new Map(data?.checks.map(({ check, title }) => [check, title]));
  return (
    <Page
      title="AI Insights"
      sentence="What is worth a look: by money, then by people, each with the figures behind it."
      filters={{ narrowings: NARROWINGS, kind: true }}
      foot={<Foot answers={[cost.data]} />}
    >
      {insights.isError && <ErrorBox thrown={insights.error} onRetry={() => void insights.refetch()} />}
      {data === undefined && !insights.isError && <Loading />}
      {data !== undefined && (
        <>
          <p role="status" className="findings-count">
            {countOf(data)} in {formatRange(days.from, days.to)}, days in UTC.
          </p>
          <div className="money-stack" data-dimmed={insights.isPlaceholderData || undefined}>
            {data.findings.map((finding) => (
              <FindingCard key={finding.id} finding={finding} check={titles.get(finding.check) ?? finding.check} />
            ))}
            {data.none !== null && (
              <section className="card" aria-label="Nothing found">
                <Empty why={data.none} />
              </section>
            )}
            <Checks checks={data.checks} />
          </div>
        </>
      )}
    </Page>
  );
}

/** Checks choose themselves whom they count. */
function ofRange(common: Common): Omit<Common, "population"> {
  return { ...daysIn(common), ...(common.where === undefined ? {} : { where: common.where }) };
}

function countOf({ findings, checks }: Insights): string {
  const ran = checks.filter((check) => check.ran).length;
  const found = findings.length === 1 ? "1 finding" : `${findings.length === 0 ? "No" : findings.length} findings`;
  return `${found} by ${ran} ${ran === 1 ? "check" : "checks"}`;
}

function Loading() {
  return (
    <div className="money-stack" aria-busy="true">
      <span className="visually-hidden" role="status">
        The checks are being made
      </span>
      {[0, 1, 2].map((at) => (
        <div className="card" key={at}>
          <Skeleton height={116} />
        </div>
      ))}
    </div>
  );
}

/** Silence is told apart: looked and found nothing, or could not look. */
function Checks({ checks }: Pick<Insights, "checks">) {
  if (checks.length === 0) return null;
  return (
    <Card title="What was looked at" sentence="A check that could not be made is no good news.">
      <ul className="insight-checks">
        {checks.map(({ check, title, ran, reason, found }) => (
          <li key={check} data-state={ran ? (found > 0 ? "found" : "clear") : "skipped"}>
            <span>{title}</span>
            <span className={ran && found > 0 ? undefined : "quiet"}>
              {ran ? (found === 0 ? "nothing found" : `${found} found`) : `not made: ${reason ?? "no reason given"}`}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
