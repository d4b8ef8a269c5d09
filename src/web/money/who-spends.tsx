import { Link } from "wouter";

import type { Output } from "../client/index.ts";
import { compact, DASH, exact, rate, reasonText } from "../format/index.ts";
import { Card, Empty, FactRows, Skeleton } from "../ui/index.ts";

type Spend = Output<"spend">;

/** How unevenly people spend, and how much belongs to nobody who is known. */
export function WhoSpends({ spend, failed }: { spend: Spend | undefined; failed: boolean }) {
  return (
    <Card title="Who it belongs to" sentence="Of people's spend, and of keys that no person or service is known for.">
      {spend === undefined ? (
        failed ? (
          <Empty why="There is no figure." />
        ) : (
          <Skeleton height={120} />
        )
      ) : (
        <Facts {...spend} />
      )}
    </Card>
  );
}

function Facts({ concentration, attribution }: Pick<Spend, "concentration" | "attribution">) {
  const { people, topPeople, topShare, gini, reason } = concentration;
  const { unmappedUsd, unmappedShare, keys } = attribution;
  return (
    <FactRows of="figures" className="money-facts">
      <div>
        <dt>People with spend</dt>
        <dd>{attribution.reason === "not_collected_yet" ? DASH : exact(people, "people")}</dd>
      </div>
      <div>
        <dt>{topShare === null ? "The tenth that spends most" : `The ${topPeople} who spend most`}</dt>
        <dd title={topShare === null ? reasonText(reason ?? undefined) : undefined}>
          {topShare === null ? "—" : `${rate(topShare)} of it`}
        </dd>
      </div>
      <div>
        <dt>
          Gini coefficient <span className="quiet small">0% all alike, 100% one person alone</span>
        </dt>
        <dd title={gini === null ? reasonText(reason ?? undefined) : undefined}>{rate(gini)}</dd>
      </div>
      <div>
        <dt>
          Without an owner{" "}
          {keys !== null && keys > 0 && (
            <Link href="/keys" className="small">
              {exact(keys, "count")} {keys === 1 ? "key" : "keys"}
            </Link>
          )}
        </dt>
        <dd title={unmappedUsd === null ? reasonText(attribution.reason ?? undefined) : exact(unmappedUsd, "usd")}>
          {compact(unmappedUsd, "usd")}
          {unmappedShare !== null && <span className="quiet"> ({rate(unmappedShare)})</span>}
        </dd>
      </div>
    </FactRows>
  );
}
