import { parseVkey } from "../../ledger/index.ts";
import type { AnchorRow } from "../../store/index.ts";

/** Where a checkpoint stands with one service, in words: pending is never called anchored. */
export function anchorSays(
  row: Pick<AnchorRow, "kind" | "target" | "state" | "facts" | "handedMs" | "problem">,
): string {
  const facts = JSON.parse(row.facts) as Facts;
  switch (row.state) {
    case "waiting":
      return row.problem === null
        ? `not handed to ${serviceName(row)} yet`
        : `not handed to ${serviceName(row)}: ${row.problem}`;
    case "cosigned":
      return `witnessed by ${serviceName(row)} at ${minute(facts.at)}`;
    case "stamped":
      return `stamped by ${serviceName(row)} at ${minute(facts.at)}`;
    case "pending":
      return `pending at ${hosts(facts.at)}`;
    case "confirmed":
      return `in Bitcoin block ${String(facts.height)} (header ${facts.headerChecked === true ? "checked" : "not checked"})`;
    case "copied":
      return `copied ${COPIED[row.target] ?? ""} at ${minute(instant(row.handedMs))}`;
  }
}

/** A witness's name, an authority's host, what a copy goes to. */
export function serviceName({ kind, target }: Pick<AnchorRow, "kind" | "target">): string {
  switch (kind) {
    case "witness":
      return parseVkey(target).name;
    case "ots":
      return "the calendars";
    case "copy":
      return `the auditor's ${target}`;
    case "rfc3161":
      return target;
  }
}

interface Facts {
  readonly at?: unknown;
  readonly height?: unknown;
  readonly headerChecked?: unknown;
}

const COPIED: Readonly<Record<string, string>> = {
  folder: "to the folder",
  webhook: "to the webhook",
  mail: "by mail",
};

function hosts(uris: unknown): string {
  const all = Array.isArray(uris) ? uris.map(String) : [];
  return all.map((uri) => (URL.canParse(uri) ? new URL(uri).host : uri)).join(", ");
}

function instant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function minute(at: unknown): string {
  return typeof at === "string" ? `${at.slice(0, 16).replace("T", " ")} UTC` : "an unknown time";
}
