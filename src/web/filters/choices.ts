import { useMemo } from "react";

import { useAnswer } from "../client/index.ts";
import { labelOf } from "../format/index.ts";
import { NARROWINGS, type Narrowing } from "./filters.ts";

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** What a figure of this narrowing is read from, where `cost` cannot be split by it. */
const METRICS: Readonly<Partial<Record<Narrowing, string>>> = {
  tool: "actions_accepted",
  workspace: "tokens",
  key: "tokens",
};

/** The values that a filter offers, as they occur in the record; undefined while they load. */
export function useChoices(name: Narrowing | null): readonly Choice[] | undefined {
  const dimension = NARROWINGS.find((one) => one.name === name)?.dimension ?? null;
  // A connection splits no figure: it stands for the organization that it reads.
  const byReport = name !== null && name !== "connection" && dimension !== null;
  const report = useAnswer("report", byReport ? { metric: METRICS[name] ?? "cost", by: [dimension] } : null);
  const connections = useAnswer("listConnections", name === "connection" ? {} : null);
  const nameOf = useNames(dimension);
  return useMemo(() => {
    if (name === "connection") {
      const rows = connections.data?.connections ?? (connections.isError ? [] : undefined);
      return rows?.map(({ connection }) => ({ value: connection, label: connection }));
    }
    if (report.data === undefined || dimension === null) return report.isError ? [] : undefined;
    const values = new Set(report.data.rows.map((row) => String(row[dimension] ?? null)));
    return [...values]
      .map((value) => ({ value, label: nameOf(value) }))
      .sort((a, b) => a.label.localeCompare(b.label, "en", { numeric: true }));
  }, [name, dimension, report.data, report.isError, connections.data, connections.isError, nameOf]);
}

const MOST_KEYS = 5_000;

/** What the ids of a dimension are called. */
export function useNames(dimension: string | null): (value: string) => string {
  const workspaces = useAnswer("listWorkspaces", dimension === "workspace" ? {} : null);
  const keys = useAnswer("listApiKeys", dimension === "api_key" ? { limit: MOST_KEYS } : null);
  return useMemo(() => {
    const names = new Map(
      dimension === "workspace"
        ? workspaces.data?.rows.map(({ workspaceId, name }) => [String(workspaceId), name])
        : dimension === "api_key"
          ? keys.data?.rows.map(({ keyId, name }) => [keyId, name])
          : [],
    );
    return (value) => names.get(value) ?? labelOf(value, dimension);
  }, [dimension, workspaces.data, keys.data]);
}
