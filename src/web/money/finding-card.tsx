import { ArrowRight } from "lucide-react";
import { Link } from "wouter";

import type { Output } from "../client/index.ts";
import { linkTo } from "../filters/index.ts";
import { compact, DASH, exact, unitWords, type Unit } from "../format/index.ts";
import { FindingLife } from "./finding-life.tsx";

type Finding = Output<"listInsights">["findings"][number];
type Evidence = Finding["evidence"][number];

const SEVERITIES = { high: "High", medium: "Medium", low: "Low" } as const;
const PAGES: Readonly<Record<string, string>> = {
  "/spend": "See the spend",
  "/keys": "See the API keys",
  "/adoption": "See the adoption",
  "/activity": "See the activity",
  "/connections": "See the connections",
};

/** Something worth a look: what it is about in money or people, the figures that say so, and where to see them. */
export function FindingCard({ finding, check }: { finding: Finding; check: string }) {
  const { title, severity, amountUsd, people, sentence, evidence, link } = finding;
  return (
    <article className="card finding" data-severity={severity} aria-label={title}>
      <div className="finding-weight">
        {amountUsd !== null ? (
          <span className="big-figure" title={exact(amountUsd, "usd")}>
            {compact(amountUsd, "usd")}
          </span>
        ) : people !== null ? (
          <span className="big-figure">
            {exact(people, "people")} <span className="quiet">{people === 1 ? "person" : "people"}</span>
          </span>
        ) : (
          <span className="big-figure quiet" title="What it comes to is not known.">
            {DASH}
          </span>
        )}
        <span className="finding-severity">{SEVERITIES[severity]}</span>
      </div>
      <div className="finding-body">
        <h2>
          <bdi>{title}</bdi>
        </h2>
        <p>{sentence}</p>
        <dl className="finding-evidence">
          {evidence.map((one) => (
            <div key={one.label}>
              <dt>{one.label}</dt>
              <dd>{shown(one)}</dd>
            </div>
          ))}
        </dl>
        {finding.life !== null && <FindingLife id={finding.id} life={finding.life} title={title} />}
        <p className="finding-foot">
          <Link href={linkTo(link)}>
            {PAGES[link.page] ?? "See the figures"} <ArrowRight size={14} aria-hidden />
          </Link>
          <span className="quiet small">Found by: {check}</span>
        </p>
      </div>
    </article>
  );
}

function shown({ value, unit }: Evidence): string {
  if (value === null) return DASH;
  if (unit === "text") return String(value);
  if (unit === "days") return `${value} ${value === 1 ? "day" : "days"}`;
  return isBare(unit) ? exact(value, unit) : `${exact(value, unit)} ${unitWords(unit)}`;
}

/** Units that the label or the sign says already. */
function isBare(unit: Unit): boolean {
  return unit === "usd" || unit === "ratio" || unit === "count";
}
