import { Link } from "wouter";

import { now, useAnswer, type Output } from "../client/index.ts";
import { dayOf, exact, formatDay, formatInstant, formatRange, rate, sourceNames } from "../format/index.ts";
import { Attribution } from "./attribution.tsx";
import { Computed } from "./computed.tsx";
import { Fact } from "./facts.tsx";

type Report = Output<"report">;
export type FootAnswer = Pick<Report, "completeThrough" | "coverage"> & {
  readonly range: { readonly from: string; readonly to: string };
} & Partial<Pick<Report, "metric" | "source" | "asOf" | "unmapped" | "unpriced">>;

/** Where a page's figures come from and how far they go. It is printed with the page. */
export function Foot({
  answers,
  money = answers.some((answer) => answer?.metric?.startsWith("cost") ?? false),
}: {
  answers: readonly (FootAnswer | undefined)[];
  /** Whether the page splits money by people, teams or keys: then it says how much of it has an owner. */
  money?: boolean;
}) {
  const { data: status } = useAnswer("status", {});
  const known = answers.filter((answer) => answer !== undefined);
  const [first] = known;
  if (first === undefined) return null;
  const sources = [...new Set(known.flatMap(({ source }) => source ?? []))];
  const complete = earliest(known.map(({ completeThrough }) => completeThrough));
  const unmapped = known.find(({ unmapped }) => (unmapped?.share ?? null) !== null)?.unmapped?.share ?? null;
  const unpriced = [...new Set(known.flatMap(({ unpriced }) => unpriced?.models ?? []))];
  const { coverage, range, asOf } = first;
  const ledger = status?.ledger ?? null;
  const pastDay = asOf !== undefined && asOf.length === 10 && asOf < dayOf(now()) ? asOf : null;
  const facts: [string, string][] = [
    ["Source", sources.length === 0 ? "none" : sourceNames(sources)],
    ["Range", `${formatRange(range.from, range.to)}, days in UTC`],
    ["Complete through", complete === null ? "not yet" : formatDay(complete)],
    ...(asOf === undefined
      ? []
      : [["As of", asOf.length > 10 ? formatInstant(asOf) : formatDay(asOf)] satisfies [string, string]]),
    ["Coverage", `${coverage.covered} of ${coverage.days} days`],
    ...(unmapped === null ? [] : [["Unmapped", rate(unmapped)] satisfies [string, string]]),
    ...(unpriced.length === 0 ? [] : [["Unpriced", unpriced.join(", ")] satisfies [string, string]]),
    ...(ledger === null
      ? []
      : [
          [
            "Ledger",
            ledger.signedAt === null
              ? `${exact(ledger.size, "count")} leaves, none signed yet`
              : `${exact(ledger.signedSize, "count")} leaves signed ${formatInstant(ledger.signedAt)}`,
          ] satisfies [string, string],
        ]),
  ];
  return (
    <footer className="foot">
      <dl>
        {facts.map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
        {pastDay !== null && (
          <div>
            <dt>Known since</dt>
            <dd>
              names and teams are today's;{" "}
              <Link href={`/ledger?view=restated&since=${pastDay}`}>what the source restated</Link>
            </dd>
          </div>
        )}
        {money && <Attribution range={range} pastDay={pastDay} />}
      </dl>
      <Computed metrics={[...new Set(known.flatMap(({ metric }) => metric ?? []))]} source={sources} />
    </footer>
  );
}

/** A page is complete as far as the least complete of its answers. */
function earliest(days: readonly (string | null)[]): string | null {
  return days.reduce((least, day) => (least === null || day === null ? null : day < least ? day : least));
}
