import { useMemo } from "react";

import { useAnswer } from "../client/index.ts";
import { NamedCell } from "../directory/named-cell.tsx";
import { sentenceCase } from "../directory/words.ts";
import { readLine } from "../directory/read-line.tsx";
import { exact } from "../format/index.ts";
import { Card, DataTable, Empty, type DataColumn } from "../ui/index.ts";
import { limitRate, type Place } from "./actions.ts";
import "./changes.css";
import { actionColumn, type Offering } from "./use-wanted.tsx";

interface Limit {
  readonly type: string;
  readonly own: number | null;
  readonly of: number | null;
}

interface Group {
  readonly id: string;
  readonly label: string;
  readonly models: readonly string[];
  readonly limits: readonly Limit[];
}

/** A workspace's rate limits by group of models: its own, and the organization's where it has none. */
export function WorkspaceLimits({ place, wanting: { isOffered, want } }: { place: Place; wanting: Offering }) {
  const { workspaceId, organizationId, name } = place;
  const answer = useAnswer("adminObjects", {
    kind: "rate_limits",
    workspace: workspaceId,
    organization: organizationId,
  });
  const rows = useMemo(() => answer.data?.rows.flatMap(({ object }) => groupOf(object) ?? []), [answer.data]);
  const columns = useMemo(
    () => [
      ...COLUMNS,
      ...actionColumn<Group>(
        { isOffered, want },
        ({ label }) => `limits of ${label}`,
        (row) => [{ verb: "Change the limits…", wanted: limitRate({ workspaceId, organizationId, name }, row) }],
      ),
    ],
    [isOffered, want, workspaceId, organizationId, name],
  );
  return (
    <Card title="Rate limits" sentence={readLine(answer.data?.readAt)}>
      <DataTable
        label="Rate limits of the workspace"
        rows={rows}
        columns={columns}
        rowKey={({ id }) => id}
        sort={{ id: "label", desc: false }}
        problem={answer.error}
        onRetry={() => void answer.refetch()}
        dimmed={answer.isPlaceholderData}
        empty={<Empty why="No rate limit was read yet. They come with a sync, where the key may read them." />}
      />
    </Card>
  );
}

const COLUMNS: readonly DataColumn<Group>[] = [
  {
    id: "label",
    title: "Models",
    value: ({ label }) => label,
    cell: ({ label, models }) => <NamedCell name={label} below={models.join(", ")} />,
  },
  {
    id: "limits",
    title: "Limits",
    value: ({ limits }) => limits.map(limitWords).join("; "),
    cell: ({ limits }) => (
      <ul className="change-choices" data-tight>
        {limits.map((limit) => (
          <li key={limit.type}>{limitWords(limit)}</li>
        ))}
      </ul>
    ),
  },
];

function limitWords({ type, own, of }: Limit): string {
  const value = own ?? of;
  const text = value === null ? "not told" : exact(value, "count");
  return `${nameOf(type)}: ${text}${own === null ? "" : ", its own"}`;
}

/** `input_tokens_per_minute_cache_aware` as `Input tokens per minute, cache-aware`. */
function nameOf(type: string): string {
  return sentenceCase(type).replace(/ cache aware$/, ", cache-aware");
}

/** Reads an entry as Anthropic gives it; null for one without an id, which cannot be named in a change. */
function groupOf(object: Readonly<Record<string, unknown>>): Group | null {
  const id = textOf(object["rate_limit_id"]);
  if (id === null) return null;
  const group = recordOf(object["group"]);
  const type = textOf(object["group_type"]);
  const models = listOf(object["models"]).filter((model) => typeof model === "string");
  return {
    id,
    label: textOf(group["display_name"]) ?? (type === null ? (models[0] ?? id) : sentenceCase(type)),
    models,
    limits: listOf(object["limits"]).map((one) => {
      const { type, value, org_limit: of, source } = recordOf(one);
      const isOwn = recordOf(source)["type"] !== "organization";
      return { type: textOf(type) ?? "", own: isOwn ? countOf(value) : null, of: countOf(of) };
    }),
  };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function countOf(value: unknown): number | null {
  return value === null || value === undefined || Number.isNaN(Number(value)) ? null : Number(value);
}
