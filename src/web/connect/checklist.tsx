import { CircleCheck, CircleMinus } from "lucide-react";

import type { Output } from "../client/index.ts";
import "./connect.css";
import { beyond, givesOf } from "./stream-words.ts";

type Found = Pick<Output<"connect">, "streams" | "capabilities" | "reasons">;

const WORDS = {
  reachable: "can be read",
  refused: "refused",
  not_available: "not there",
  failed: "no answer",
} as const;

/** What a key can read, what each stream gives, and why one is missing. */
export function Checklist({ found }: { found: Found }) {
  const { streams, capabilities, reasons } = found;
  const missing = streams.filter(({ outcome }) => outcome !== "reachable");
  const others = beyond.filter(([flag]) => !isIn(capabilities, flag));
  return (
    <div className="checklist">
      <ul aria-label="What the key can read">
        {[...streams.filter(({ outcome }) => outcome === "reachable"), ...missing].map((line) => (
          <li key={line.stream} data-outcome={line.outcome}>
            {line.outcome === "reachable" ? (
              <CircleCheck size={16} aria-hidden />
            ) : (
              <CircleMinus size={16} aria-hidden />
            )}
            <div>
              <p>
                <strong>{line.title}</strong> <span className="checklist-outcome">{WORDS[line.outcome]}</span>
              </p>
              <p className="quiet small">{givesOf(line.stream)}</p>
              {line.reason !== null && <p className="small checklist-reason">{line.reason}</p>}
            </div>
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <details>
          <summary>Beyond usage and cost: {others.length} kinds of data that this key does not open</summary>
          <dl className="small">
            {others.map(([flag, title]) => (
              <div key={flag}>
                <dt>{title}</dt>
                <dd className="quiet">{reasonOf(reasons, flag)} Bursar does not need it.</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  );
}

/** `12 of 14 streams can be read.` */
export function checklistLine({ streams }: Pick<Found, "streams">): string {
  const good = streams.filter(({ outcome }) => outcome === "reachable").length;
  return good === streams.length
    ? `All ${streams.length} streams can be read.`
    : `${good} of ${streams.length} streams can be read. The others are left out, not counted as zero.`;
}

function isIn(flags: Readonly<Record<string, boolean>>, flag: string): boolean {
  return flags[flag] === true;
}

function reasonOf(reasons: Readonly<Partial<Record<string, string>>>, flag: string): string {
  return reasons[flag] ?? "";
}
